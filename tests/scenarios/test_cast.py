"""The cast is the same for everybody, every time."""

from django.core.management import call_command
from django_scopes import scope

from nghitruong.config.demo.people import make_names
from nghitruong.council.councils.models import Council, Membership, Person
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.files import store
from nghitruong.session.meetings.models import AgendaItem, Session


def test_names_are_the_same_for_the_same_seed():
    assert make_names(50, 17) == make_names(50, 17)
    assert len({name for name, _ in make_names(200, 1)}) == 200


def test_the_small_province_has_fifteen_delegates_and_its_chair_presides(province, council, chair):
    assert Membership.objects.filter(organization__kind="plenary").count() == 15
    assert chair.is_chair
    assert chair.delegate is not None


def test_the_clerk_is_no_delegate_and_the_commune_is_behind_its_wall(
    province, commune, council, clerk
):
    assert clerk.is_clerk
    assert clerk.delegate is None
    assert not Person.objects.filter(full_name="Lương Văn Nam").exists()


def test_the_demo_is_the_same_twice_and_holds_a_whole_session(db, tmp_path, settings):
    settings.FILES_DIR = tmp_path / "files"
    call_command("demo")
    council = Council.objects.get(slug="lao-cai")
    with scope(council=council.pk):
        session = Session.objects.get(number=4)
        assert session.sittings.count() == 3
        assert session.summons.count() == 61
        drafts = Paper.objects.filter(kind="draft_resolution")
        assert drafts.count() == 28
        assert all(store.verify(v.sha256) for v in PaperVersion.objects.all())
        before = AgendaItem.objects.count()
    call_command("demo")
    with scope(council=council.pk):
        assert AgendaItem.objects.count() == before
        assert session.items.filter(kind="election").count() == 1
