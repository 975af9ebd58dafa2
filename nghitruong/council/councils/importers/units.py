"""The administrative units of the country, dated, with predecessors and successors.

Three layers: the old three levels until 30/06/2025, the two levels from 01/07/2025, the changes of
30/04/2026. Sources and licence: docs/data-sources.md.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Final, TypeVar

from django.db import connection, transaction

from nghitruong.council.councils.models import AdministrativeUnit, UnitLevel, UnitSuccession
from nghitruong.lib.text import fold, nfc, text_key

REFORM: Final = date(2025, 7, 1)  # L72/2025 Đ1, Đ51: two levels
SECOND_LIST: Final = date(2026, 4, 30)
# Rows of one write transaction: others who write wait no longer than this takes (≤ 20 ms).
CHUNK: Final = 80
_TYPES: Final = ("Thành phố", "Thị trấn", "Thị xã", "Đặc khu", "Phường", "Huyện", "Quận", "Tỉnh")

Row = TypeVar("Row")
Key = tuple[str, str, date | None]  # level, code, valid_from


@dataclass
class Report:
    """What an import changed."""

    units: int = 0
    successions: int = 0


def _rows(name: str) -> Iterator[dict[str, str]]:
    raw = files("nghitruong.council.councils").joinpath("data", name).read_bytes()
    if name.endswith(".gz"):
        raw = gzip.decompress(raw)
    yield from csv.DictReader(io.StringIO(raw.decode("utf-8")))


def split_type(full_name: str) -> tuple[str, str]:
    """«Thành phố Hà Nội» → («Thành phố», «Hà Nội»); a lone «Xã …» too."""
    for unit_type in _TYPES:
        if full_name.startswith(unit_type + " "):
            return unit_type, full_name[len(unit_type) + 1 :]
    unit_type, _space, name = full_name.partition(" ")
    return unit_type, name


def _chunks(items: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


class _Importer:
    def __init__(self) -> None:
        self.known: dict[Key, AdministrativeUnit] = {
            (unit.level, unit.code, unit.valid_from): unit
            for unit in AdministrativeUnit.objects.all()
        }
        self.links: set[tuple[object, object, date]] = set(
            UnitSuccession.objects.values_list("predecessor_id", "successor_id", "on")
        )
        self.new: list[AdministrativeUnit] = []
        self.new_links: list[UnitSuccession] = []
        self.report = Report()

    def unit(
        self,
        level: UnitLevel,
        code: str,
        full_name: str,
        valid_from: date | None,
        valid_to: date | None,
        parent: AdministrativeUnit | None = None,
    ) -> AdministrativeUnit:
        key = (level.value, code, valid_from)
        found = self.known.get(key)
        if found is not None:
            return found
        full_name = nfc(full_name)
        unit_type, name = split_type(full_name)
        unit = AdministrativeUnit(
            level=level,
            code=code,
            unit_type=unit_type,
            name=name,
            full_name=full_name,
            sort_key=text_key(name),
            fold=fold(full_name),
            parent=parent,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        self.known[key] = unit
        self.new.append(unit)
        return unit

    def link(
        self,
        old: AdministrativeUnit,
        new: AdministrativeUnit,
        on: date,
        relation: str,
        *,
        is_default: bool = True,
    ) -> None:
        if (old.pk, new.pk, on) in self.links:
            return
        self.links.add((old.pk, new.pk, on))
        self.new_links.append(
            UnitSuccession(
                predecessor=old, successor=new, on=on, relation=relation, is_default=is_default
            )
        )

    def write(self, progress: Callable[[int], None]) -> Report:
        """In chunks, so that nobody waits long for the write lock; parents come first."""
        for chunk in _chunks(self.new):
            with transaction.atomic():
                AdministrativeUnit.objects.bulk_create(chunk)
            progress(len(chunk))
        for links in _chunks(self.new_links):
            with transaction.atomic():
                UnitSuccession.objects.bulk_create(links)
            progress(len(links))
        if self.new or self.new_links:
            # Without fresh statistics PostgreSQL joins the new rows each with each.
            with connection.cursor() as cursor:
                for model in (AdministrativeUnit, UnitSuccession):
                    cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
        self.report.units, self.report.successions = len(self.new), len(self.new_links)
        return self.report


def import_units(progress: Callable[[int], None] = lambda done: None) -> Report:
    """Bring in every unit; running it again, or after it was cut off, adds only what is missing.

    1. the old provinces, districts, communes (until 30/06/2025);
    2. the 34 provinces and 3,321 communes of 01/07/2025, cut short where 30/04/2026 changed them;
    3. the units changed on 30/04/2026;
    4. who became whom.
    """
    work = _Importer()
    changes = {(row["level"], row["code"]): row for row in _rows("changes.csv")}
    last_day, day_before = REFORM - timedelta(days=1), SECOND_LIST - timedelta(days=1)

    def two_dates(
        level: UnitLevel, code: str, full_name: str, parent: AdministrativeUnit | None
    ) -> tuple[AdministrativeUnit, AdministrativeUnit]:
        change = changes.get((level.value, code))
        if change is None:
            unit = work.unit(level, code, full_name, REFORM, None, parent)
            return unit, unit
        old = work.unit(level, code, full_name, REFORM, day_before, parent)
        new_code = change["new_code"]
        new = work.unit(level, new_code, change["new_full_name"], SECOND_LIST, None, parent)
        work.link(old, new, SECOND_LIST, "renamed" if new_code == code else "recoded")
        return old, new

    legacy = list(_rows("legacy.csv.gz"))
    for row in legacy:
        work.unit(UnitLevel.PROVINCE, row["province_code"], row["province"], None, last_day)
    for row in legacy:
        parent = work.known["province", row["province_code"], None]
        work.unit(UnitLevel.DISTRICT, row["district_code"], row["district"], None, last_day, parent)
    # A commune stands under the province as it is now; `parent_at` finds it at another date.
    provinces = {
        row["code"]: two_dates(UnitLevel.PROVINCE, row["code"], row["full_name"], None)
        for row in _rows("provinces.csv")
    }
    for row in legacy:
        if row["commune_code"]:
            parent = work.known["district", row["district_code"], None]
            work.unit(
                UnitLevel.COMMUNE, row["commune_code"], row["commune"], None, last_day, parent
            )
    for row in _rows("communes.csv.gz"):
        two_dates(
            UnitLevel.COMMUNE, row["code"], row["full_name"], provinces[row["province_code"]][1]
        )
    _link_old_to_new(work, _rows("mapping.csv.gz"))
    return work.write(progress)


def _link_old_to_new(work: _Importer, mapping: Iterable[dict[str, str]]) -> None:
    merged: set[tuple[str, str]] = set()
    for row in mapping:
        merged.add((row["old_province_code"], row["new_province_code"]))
        # Five island districts had no communes: the district itself became a special zone.
        old = (
            work.known["commune", row["old_commune_code"], None]
            if row["old_commune_code"]
            else work.known["district", row["old_district_code"], None]
        )
        new = work.known["commune", row["new_commune_code"], REFORM]
        work.link(old, new, REFORM, row["relation"], is_default=row["is_default"] == "1")
    for old_code, new_code in sorted(merged):
        work.link(
            work.known["province", old_code, None],
            work.known["province", new_code, REFORM],
            REFORM,
            "whole",
        )
