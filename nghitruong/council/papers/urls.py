"""Pages of papers, under ``/<council>/tai-lieu/``."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.council.papers import views

app_name = "papers"
_papers = [
    path("tai-lieu/", views.paper_list, name="papers"),
    path("tai-lieu/them/", views.add_papers, name="add"),
    path("tai-lieu/gui-dai-bieu/", views.release, name="release"),
    path("tai-lieu/so-tai-lieu-mat/", views.stubs, name="stubs"),
    path("tai-lieu/so-tai-lieu-mat/<uuid:stub>/huy/", views.void_stub, name="void_stub"),
    path("tai-lieu/tai-len/", views.uploads, name="uploads"),
    path("tai-lieu/tai-len/<uuid:upload>/", views.upload, name="upload"),
    path("tai-lieu/<uuid:paper>/", views.reader, name="paper"),
    path("tai-lieu/<uuid:paper>/thong-tin/", views.details, name="details"),
    path("tai-lieu/<uuid:paper>/so-sanh/", views.compare, name="compare"),
    path("tai-lieu/<uuid:paper>/tham-tra/", views.verifies, name="verifies"),
    path("tai-lieu/<uuid:paper>/rut/", views.withdraw, name="withdraw"),
    path("tai-lieu/<uuid:paper>/mat/", views.expunge, name="expunge"),
    path("tai-lieu/<uuid:paper>/ban/<int:version>/tep", views.file, name="file"),
    path("tai-lieu/<uuid:paper>/ban/<int:version>/trang/", views.remember, name="remember"),
]
# What was sent to delegates stays open from minutes, votes and links of their own.
urlpatterns = part_of(Function.PAPERS, _papers, readable={"paper", "file"})
