"""Notices: what a person is told, through which channel, and what became of it.

It knows persons and councils by their keys only. A message is written in the transaction of the
act it tells of (:func:`nghitruong.platform.notices.api.tell`); every recipient has one row, and one
more for each channel it goes through. In the application it is there with the commit; e-mail,
web push, SMS and Zalo are sent in the background and only where the installation has set them up
and the person has agreed. What leaves the installation never says what a paper is about.
"""
