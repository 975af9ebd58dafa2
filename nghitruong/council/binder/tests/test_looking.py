from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from nghitruong.council.binder import actions, queries
from nghitruong.council.binder.actions.receiving import staging
from nghitruong.council.binder.models import Arrival, ImportFile
from nghitruong.council.binder.tests.conftest import paper_pdf, send_in, zipped
from nghitruong.platform.errors import Refused


def test_an_import_given_up_while_its_files_are_looked_at_gets_no_more_rows(
    batch, door, cast, monkeypatch
):
    from nghitruong.council.binder import looking
    from nghitruong.council.binder.actions import receiving

    real, looks, step = looking.look, [], receiving._step

    def look(path, name, folder):
        looks.append(name)
        return real(path, name, folder)

    def given_up(arrival):
        step(arrival)
        actions.drop_import(batch, by=cast.clerk)

    monkeypatch.setattr(looking, "look", look)
    monkeypatch.setattr(receiving, "_step", given_up)
    data = zipped({f"{n}.pdf": paper_pdf(f"{n}/TTr-UBND") for n in range(1, 12)})
    send_in(batch, cast.clerk, data)
    assert len(looks) <= 1 + receiving.AT_ONCE  # nobody looks on at what nobody wants
    assert not ImportFile.objects.exists()
    assert Arrival.objects.get().state == "failed"
    assert not list(staging().iterdir())


def bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(60 * 1024 * 1024))
    return out.getvalue()


def locked():
    data = bytearray(zipped({"a.pdf": paper_pdf()}))
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb(), "quá lớn"),
        (locked(), "mật khẩu"),
        (zipped({}), ""),
        (zipped({"__MACOSX/x": b"1"}), "không có tài liệu"),
        (zipped({f"{n}": b"" for n in range(2001)}), "2.000"),
    ],
    ids=["bomb", "locked", "nothing", "junk", "many"],
)
def test_archives_that_are_not_opened_say_why(batch, cast, data, said):
    send_in(batch, cast.clerk, data, name="x.zip")
    arrival = Arrival.objects.get()
    assert arrival.state == "failed" or said == ""
    assert said in arrival.problem
    assert not list(staging().iterdir())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_a_damaged_file_of_an_archive_falls_alone(tmp_path, method):
    from nghitruong.council.binder import unpack

    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", bytes(range(256)) * 400)
    data = bytearray(path.read_bytes())
    data[60:160] = b"\xff" * 100  # inside the packed bytes
    path.write_bytes(data)
    with unpack.opened(path) as (archive, [member]), pytest.raises(Refused, match="zip_member"):
        unpack.extract(archive, member, tmp_path / "out")


def test_names_out_of_a_zip_are_data_and_never_places(batch, cast, var):
    data = zipped(
        {
            "../../../etc/cron.d/x.pdf": paper_pdf(),
            "/tuyet/doi.pdf": paper_pdf("1/BC-UBND"),
            "C:\\Users\\a\\b.pdf": paper_pdf("2/BC-UBND"),
            "a\x1b[2J.pdf": paper_pdf("3/BC-UBND"),
        }
    )
    send_in(batch, cast.clerk, data)
    names = {(file.folder, file.file_name) for file in queries.files_of(batch)}
    assert names == {
        ("etc/cron.d", "x.pdf"),
        ("tuyet", "doi.pdf"),
        ("Users/a", "b.pdf"),
        ("", "a[2J.pdf"),
    }


def test_looking_goes_on_after_a_crash_where_it_stopped(batch, door, cast, monkeypatch):
    from nghitruong.council.binder.actions import receiving

    data = zipped({f"{n}.pdf": paper_pdf(f"{n}/BC-UBND", "BÁO CÁO") for n in range(1, 5)})
    send_in(batch, cast.clerk, data, look=False)
    real, calls = receiving._keep, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(receiving, "_keep", dies)
    arrival = Arrival.objects.get()
    with pytest.raises(KeyboardInterrupt):
        receiving.open_arrival(str(arrival.pk))
    assert receiving.waiting() == [(arrival.pk, arrival.council_id)]
    monkeypatch.setattr(receiving, "_keep", real)
    receiving.open_arrival(str(arrival.pk))
    arrival.refresh_from_db()
    assert (arrival.done, arrival.total, arrival.state) == (4, 4, "done")
    assert ImportFile.objects.count() == 4


@pytest.mark.real_time
def test_what_a_killed_process_left_is_swept_and_what_is_being_done_is_not(council, var):
    import os

    from nghitruong.council.binder.actions import receiving
    from nghitruong.platform.files import partial

    for name, age in (("look-old", 7 * 3600), ("bind-old", 7 * 3600), ("look-now", 60)):
        folder = partial.root() / name
        folder.mkdir()
        (folder / "p-1.png").write_bytes(b"x")
        os.utime(folder, (os.stat(folder).st_atime, os.stat(folder).st_mtime - age))
    assert receiving.waiting() == []
    assert [path.name for path in partial.root().glob("*-*")] == ["look-now"]
