"""Every URL. Council pages begin with the council's slug: ``/lao-cai/ky-hop/6/phien/2/``.

The permission matrix (tests/permissions) is made from this list: a URL it does not know fails the
build, so adding one here means saying there who may open it.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from nghitruong.config import certificate, demo_door, help, home, setup
from nghitruong.council.briefcase import shell
from nghitruong.council.guests import views as guests
from nghitruong.council.procedure import installation
from nghitruong.platform.notices.address_views import push_worker

# Behind the wall: CouncilMiddleware takes the slug, checks the person, enters the scope.
council: list[URLPattern | URLResolver] = [
    path("", home.today, name="home"),
    path("bat-dau/", setup.ready, name="ready"),
    path("nhat-ky/", include("nghitruong.platform.audit.urls")),
    path("thong-bao/", include("nghitruong.platform.notices.urls")),
    path("tai-khoan/", include("nghitruong.council.access.urls")),
    path("", include("nghitruong.council.councils.urls")),
    path("", include("nghitruong.council.procedure.urls")),
    path("", include("nghitruong.council.papers.urls")),
    path("", include("nghitruong.council.reading.urls")),
    path("", include("nghitruong.council.intake.urls")),
    path("", include("nghitruong.council.opinions.urls")),
    path("", include("nghitruong.council.search.urls")),
    path("", include("nghitruong.council.binder.urls")),
    path("", include("nghitruong.council.briefcase.urls")),
    path("", include("nghitruong.council.guests.urls")),
    path("", include("nghitruong.session.meetings.urls")),
    path("", include("nghitruong.session.submissions.urls")),
    path("", include("nghitruong.session.floor.urls")),
    path("", include("nghitruong.session.voting.urls")),
    path("", include("nghitruong.session.minutes.urls")),
    path("", include("nghitruong.session.delivery.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.front_door, name="front_door"),
    path("tai-khoan/", include("nghitruong.platform.accounts.urls")),
    path("ngon-ngu/", set_language, name="set_language"),
    path("minh-hoa/<str:username>/", demo_door.sign_in, name="demo_sign_in"),
    path("thiet-lap/", setup.start, name="setup"),
    path("thiet-lap/<uuid:unit>/", setup.council, name="setup_council"),
    path("cai-chung-chi/", certificate.install, name="install"),
    path("cai-chung-chi/nghi-truong.crt", certificate.certificate, name="install_file"),
    path("cai-chung-chi/nghi-truong.mobileconfig", certificate.profile, name="install_profile"),
    path("sw.js", shell.worker, name="worker"),
    path("ngoai-tuyen/", shell.page, name="offline"),
    path("may/<uuid:key>/", shell.device, name="device"),
    path("tro-giup/", help.contents, name="help"),
    path("tro-giup/<slug:code>/", help.guide, name="help_guide"),
    path("tro-giup/anh/<slug:name>.png", help.picture, name="help_picture"),
    # No slug of the wall: a guest is nobody yet. The pages look alike for every name.
    path("khach/<slug:where>/", guests.entry, name="guest_entry"),
    path("khach/<slug:where>/<str:token>/", guests.by_token, name="guest_token"),
    path("bao-tren-may/sw.js", push_worker, name="push_worker"),
    path("ngay-nghi-chung/", installation.holidays, name="common_holidays"),
    path("<slug:council>/", include(council)),
]

handler400 = "nghitruong.ui.errors.bad_request"
handler403 = "nghitruong.ui.errors.forbidden"
handler404 = "nghitruong.ui.errors.not_found"
handler500 = "nghitruong.ui.errors.server_error"
