"""The cast is the same for everybody, every time."""

from nghitruong.config.demo.people import make_names
from nghitruong.council.councils.models import Membership, Person


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
