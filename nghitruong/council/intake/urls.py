"""Pages about processed files, under ``/<council>/tai-lieu/``."""

from __future__ import annotations

from django.urls import path

from nghitruong.council.councils.functions import part_of
from nghitruong.council.councils.models import Function
from nghitruong.council.intake import views

app_name = "intake"
_VERSION = "tai-lieu/<uuid:paper>/ban/<int:version>/"
_addresses = [
    path("tai-lieu/kho-tep/", views.storage, name="storage"),
    path("tai-lieu/kho-tep/kiem-tra/", views.check_now, name="check_now"),
    path("tai-lieu/may-quet/", views.scanner, name="scanner"),
    path(_VERSION + "tiep-nhan/", views.state, name="state"),
    path(_VERSION + "tiep-nhan/lam-lai/", views.retry, name="retry"),
    path(_VERSION + "tiep-nhan/khong-mat/", views.clear, name="clear"),
    path(_VERSION + "anh-nho/<int:page>/", views.thumbnail, name="thumbnail"),
]
urlpatterns = part_of(Function.PAPERS, _addresses, readable={"state", "thumbnail"})
