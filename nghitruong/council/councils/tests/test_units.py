import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import TestCase

from nghitruong.council.councils import queries
from nghitruong.council.councils.importers.units import import_units, split_type
from nghitruong.council.councils.models import AdministrativeUnit, UnitLevel, UnitSuccession
from nghitruong.lib.text import same_name

OLD, NEW, LATER = date(2025, 6, 30), date(2025, 7, 1), date(2026, 4, 30)
PROVINCE, DISTRICT, COMMUNE = UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE


def kinds(on):
    found = queries.units_at(on, COMMUNE).values_list("unit_type", flat=True)
    return dict(Counter(found))


class UnitsTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.report = import_units()

    def test_both_dates_have_34_provinces_and_3321_communes(self):
        for on in (NEW, LATER):
            assert queries.units_at(on, PROVINCE).count() == 34
            assert queries.units_at(on, COMMUNE).count() == 3321
            assert queries.units_at(on, DISTRICT).count() == 0

    def test_the_communes_are_2621_xa_687_phuong_13_dac_khu_and_ten_became_phuong(self):
        assert kinds(NEW) == {"Xã": 2621, "Phường": 687, "Đặc khu": 13}
        assert kinds(LATER) == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}

    def test_the_three_old_levels_are_whole(self):
        assert queries.units_at(OLD, PROVINCE).count() == 63
        assert queries.units_at(OLD, DISTRICT).count() == 696
        assert queries.units_at(OLD, COMMUNE).count() == 10035

    def test_every_old_commune_has_a_successor_and_one_default(self):
        old = queries.units_at(OLD, COMMUNE)
        assert not old.filter(successions__isnull=True).exists()
        defaults = UnitSuccession.objects.filter(on=NEW, is_default=True)
        per_unit = Counter(defaults.values_list("predecessor_id", flat=True))
        assert set(per_unit.values()) == {1}
        # 10,602 lines of the mapping, 63 provinces, 12 changes later.
        assert UnitSuccession.objects.filter(on=NEW).count() == 10602 + 63
        assert UnitSuccession.objects.filter(on=LATER).count() == 12

    def test_every_succession_has_both_ends_at_the_right_dates(self):
        rows = UnitSuccession.objects
        assert not rows.exclude(successor__valid_from=F("on")).exists()
        assert not rows.exclude(predecessor__valid_to__lt=F("on")).exists()
        assert rows.count() == 10602 + 63 + 12

    def test_every_new_unit_has_predecessors(self):
        for level in (PROVINCE, COMMUNE):
            orphans = queries.units_at(NEW, level).filter(precessions__isnull=True)
            assert list(orphans.values_list("full_name", flat=True)) == []

    def test_running_it_twice_changes_nothing(self):
        before = set(AdministrativeUnit.objects.values_list("pk", flat=True))
        again = import_units()
        assert (again.units, again.successions) == (0, 0)
        assert set(AdministrativeUnit.objects.values_list("pk", flat=True)) == before
        assert self.report.units == len(before)

    def test_an_import_cut_off_is_completed_by_the_next(self):
        UnitSuccession.objects.filter(on=LATER).delete()
        AdministrativeUnit.objects.filter(valid_from=LATER, level=COMMUNE).delete()
        again = import_units()
        assert (again.units, again.successions) == (11, 12)

    def test_ba_che_keeps_its_identity_through_two_codes(self):
        first = queries.unit_by_code(COMMUNE, "06970", NEW)
        second = queries.unit_by_code(COMMUNE, "06978", LATER)
        assert first.full_name == second.full_name == "Xã Ba Chẽ"
        assert list(queries.successors(first)) == [second]
        assert queries.unit_by_code(COMMUNE, "06970", LATER) == second
        assert queries.unit_by_code(COMMUNE, "06978", NEW) == first
        # before the reform 06970 was another unit, the township
        assert queries.unit_by_code(COMMUNE, "06970", OLD).full_name == "Thị trấn Ba Chẽ"

    def test_dong_nai_is_a_province_first_and_a_city_later(self):
        assert queries.unit_by_code(PROVINCE, "75", NEW).full_name == "Tỉnh Đồng Nai"
        assert queries.unit_by_code(PROVINCE, "75", LATER).full_name == "Thành phố Đồng Nai"
        commune = queries.unit_by_code(COMMUNE, "26368", LATER)
        assert commune.full_name == "Phường Long Thành"
        assert queries.parent_at(commune, NEW).full_name == "Tỉnh Đồng Nai"
        assert queries.parent_at(commune, LATER).full_name == "Thành phố Đồng Nai"

    def test_codes_keep_their_leading_zeros(self):
        assert queries.unit_by_code(PROVINCE, "01", NEW).full_name == "Thành phố Hà Nội"
        assert all(len(u.code) == 5 for u in queries.units_at(NEW, COMMUNE))

    def test_a_merged_province_knows_whom_it_was_made_of(self):
        unit = queries.unit_by_code(PROVINCE, "15", NEW)
        names = [u.full_name for u in queries.predecessors(unit)]
        assert names == ["Tỉnh Lào Cai", "Tỉnh Yên Bái"]

    def test_search_finds_without_marks_and_ranks_exact_names_first(self):
        assert queries.search_units("mau a", on=LATER)[0].full_name == "Xã Mậu A"
        found = queries.search_units("LÀO CAI", on=LATER)
        assert [u.full_name for u in found][:2] == ["Tỉnh Lào Cai", "Phường Lào Cai"]
        assert queries.search_units("yên hoà", on=LATER)[0].full_name == "Phường Yên Hòa"
        assert queries.search_units("15", on=LATER)[0].full_name == "Tỉnh Lào Cai"
        assert queries.search_units("   ") == []
        assert queries.search_units("không có nơi này") == []

    def test_units_are_listed_in_vietnamese_order(self):
        names = [u.name for u in queries.units_at(LATER, PROVINCE)]
        assert names[:2] == ["An Giang", "Bắc Ninh"]
        assert names.index("Cần Thơ") < names.index("Đà Nẵng") < names.index("Gia Lai")

    def test_the_command_says_what_it_did(self):
        from io import StringIO

        out = StringIO()
        call_command("import_units", stdout=out)
        assert "0 đơn vị" in out.getvalue()

    @pytest.mark.data
    def test_the_later_list_of_the_source_is_what_we_compute(self):
        folder = Path(os.environ.get("NGHITRUONG_DATA", "../shared/data")) / "units"
        if not folder.exists() and not os.environ.get("CI"):
            pytest.skip("không có thư mục dữ liệu lớn NGHITRUONG_DATA")
        for on in (NEW, LATER):
            rows = csv.DictReader((folder / f"communes_{on}.csv").open(encoding="utf-8"))
            source = {row["code"]: row["full_name"] for row in rows}
            ours = {u.code: u.full_name for u in queries.units_at(on, COMMUNE)}
            assert source.keys() == ours.keys()
            assert all(same_name(source[code], ours[code]) for code in source)


def test_the_type_is_taken_off_the_name():
    assert split_type("Thành phố Hà Nội") == ("Thành phố", "Hà Nội")
    assert split_type("Xã Mậu A") == ("Xã", "Mậu A")
    assert split_type("Đặc khu Phú Quốc") == ("Đặc khu", "Phú Quốc")
