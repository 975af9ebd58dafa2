"""Sessions of several terms of one council: every one keeps an address of its own."""

from typing import Any

from django.db import migrations, models


def give(apps: Any, _editor: Any) -> None:
    """As the pages answered until now: the newest term's session of a number has the number."""
    session = apps.get_model("meetings", "Session")
    taken: set[tuple[Any, int]] = set()
    rows = session._base_manager.select_related("term").order_by("-term__number", "number")
    for row in rows:
        row.address = row.number
        if (row.council_id, row.number) in taken:
            row.address = row.term.number * 100 + row.number
        taken.add((row.council_id, row.address))
        row.save(update_fields=["address"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_notices_name_no_papers")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="address",
            field=models.PositiveIntegerField(
                default=0, editable=False, verbose_name="số trong địa chỉ trang"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("council", "address"), name="session_address_once"
            ),
        ),
    ]
