"""The only doors to objects are ``queries``; the scope is switched off in listed places only."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from tests.permissions.routes import scoped_models, urls
from tests.permissions.world import World

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "nghitruong"

# Where a scope is left on purpose, and why.
SCOPES_DISABLED = {
    "nghitruong/config/demo_door.py": "một tài khoản có thể có người ở nhiều Hội đồng",
    "nghitruong/council/access/handlers.py": "đổi mật khẩu được ghi vào từng Hội đồng của mình",
    "nghitruong/council/access/queries.py": "tài khoản ở nhiều Hội đồng: màn hình hết cùng lúc",
    "nghitruong/council/access/rules.py": "tài khoản còn mở cửa Hội đồng khác không?",
    "nghitruong/council/briefcase/actions.py": "máy báo mất có thể giữ cặp của nhiều Hội đồng",
    "nghitruong/council/briefcase/shell.py": "máy báo mất hỏi bằng mã của mình",
    "nghitruong/council/councils/queries.py": "các Hội đồng của một tài khoản",
    "nghitruong/council/guests/queries.py": "việc nền tìm thẻ khách hết hạn của mọi Hội đồng",
    "nghitruong/council/intake/actions/processing.py": "kho tệp là một cho mọi Hội đồng",
    "nghitruong/council/papers/actions/secrets.py": "kho tệp là một cho mọi Hội đồng",
    "nghitruong/council/search/indexing.py": "một chỉ mục cho cả bản cài đặt; cửa ở lúc hỏi",
    "nghitruong/platform/audit/sealer.py": "niêm phong nhật ký của mọi Hội đồng",
    "nghitruong/platform/notices/addresses.py": "máy sang tay người ở Hội đồng khác thì thôi báo",
    "nghitruong/platform/storage/prepared.py": "câu hỏi soạn sẵn tự nêu Hội đồng (quyết định 0007)",
    "nghitruong/platform/jobs/running.py": "tiến trình nền làm việc của mọi Hội đồng",
    "nghitruong/platform/jobs/sweeper.py": "tìm việc còn sót của mọi Hội đồng",
}
# Views that read rows themselves, and why.
ROWS_IN_VIEWS = {
    "nghitruong/config/demo_door.py": "cửa minh họa, trước khi biết Hội đồng nào",
    "nghitruong/config/setup.py": "thiết lập lần đầu, trước khi có Hội đồng và người nào",
}
# Rows that carry a council and are not scoped, and why.
UNSCOPED = {
    "jobs.Job": "sổ việc nền; trang chỉ hỏi tiến độ bằng khóa của đối tượng đã qua cửa",
    "live.Stream": "bộ đếm của một luồng; được khóa cùng lúc cho nhiều luồng",
    "procedure.Holiday": "ngày nghỉ chung cả nước không thuộc Hội đồng nào",
}


def sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield path


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def names_in(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


def test_a_scope_is_left_in_listed_places_only() -> None:
    used = {
        relative(path)
        for path in sources()
        if any(name == "scopes_disabled" for _line, name in names_in(path))
    }
    assert used - set(SCOPES_DISABLED) == set(), "khai lý do trong tests/permissions/test_doors.py"
    assert set(SCOPES_DISABLED) - used == set(), "không còn dùng nữa"


def view_files() -> set[str]:
    """The files in which the URLs' own views are written."""
    files = set()
    for url in urls():
        view = inspect.unwrap(url.view)
        if view.__module__.startswith("nghitruong."):
            files.add(relative(Path(inspect.getsourcefile(view) or "")))
    for path in PACKAGE.rglob("*.py"):
        if path.name == "views.py" or path.parent.name == "views":
            files.add(relative(path))
    return files


def test_views_reach_rows_through_queries_only() -> None:
    direct = [
        f"{name}:{line}"
        for name in sorted(view_files() - set(ROWS_IN_VIEWS))
        for line, attribute in names_in(ROOT / name)
        if attribute in {"objects", "_base_manager", "_default_manager"}
    ]
    assert direct == [], "hãy lấy đối tượng qua queries.*_for(actor)"


def test_no_view_is_exempt_from_the_page_token() -> None:
    # Who signed out has no token any more, and its key is the device's own secret: all it can say
    # is that it is empty.
    exempt = {"device"}
    assert {u.name for u in urls() if getattr(u.view, "csrf_exempt", False)} == exempt


@pytest.mark.parametrize(
    "model",
    [m for m in scoped_models() if m._meta.label not in UNSCOPED],
    ids=lambda model: model._meta.label,
)
def test_outside_any_council_no_row_can_be_asked_for(model: Any) -> None:
    with pytest.raises(ScopeError):
        model.objects.all()
    with pytest.raises(ScopeError):
        model.objects.filter(pk=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model",
    [m for m in scoped_models() if m._meta.label not in UNSCOPED],
    ids=lambda model: model._meta.label,
)
def test_inside_one_council_no_row_of_another_is_seen(
    here: World, there: World, model: Any
) -> None:
    """For every model: what the scope shows is exactly this council's rows."""
    with scopes_disabled():
        every = model.objects.count()
    seen = 0
    for world in (here, there):
        council = world.built.council
        with scope(council=council.pk):
            rows = list(model.objects.values_list("council_id", flat=True))
            assert set(rows) <= {council.pk}
            seen += len(rows)
    assert seen == every


def test_every_model_of_ours_is_scoped_or_shared_on_purpose() -> None:
    shared = {
        "accounts.Account",  # a sign-in may act for people in several councils
        "councils.AdministrativeUnit",  # reference data
        "councils.UnitSuccession",
        "councils.Council",
        "councils.Transfer",  # both sides keep the line
        "live.Epoch",
        "files.Shredding",  # digests and keys of files to erase; nobody looks at them
        "live.Event",  # reached by its stream's key only
        "live.Receipt",  # reached by person and nonce only
        "live.DeviceEnd",  # a sign-in and a moment: the same, one browser
        "live.TicketEnd",  # a person and a moment: until when their tickets are refused
        "search.Law",  # published texts, the same for every council
        "search.LawArticle",
        "search.SearchIndex",  # proposals only: each passes its source's own door when asked
        *UNSCOPED,
    }
    ours = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("nghitruong.") and not model._meta.auto_created
    }
    scoped = {model._meta.label for model in scoped_models()}
    assert ours - scoped - shared == set()
