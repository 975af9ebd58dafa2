"""Papers as they are read, noted on, given an opinion on, brought in and bound."""

from __future__ import annotations

from nghitruong.council.binder.models import Packet, PaperImport
from nghitruong.council.briefcase.models import Device
from nghitruong.council.intake.models import Intake, PageText
from nghitruong.council.opinions.models import Opinion
from nghitruong.council.papers.models import ReadingPosition, SecretStub, Upload
from nghitruong.council.reading.models import Annotation, Notebook
from nghitruong.council.search.models import Law, LawArticle
from nghitruong.platform.storage.ids import new_id
from tests.permissions.world.files import PDF, PICTURE, store
from tests.permissions.world.ground import Ground, Keys


def rows(ground: Ground) -> Keys:
    """The delegate has read, noted and written an opinion; the clerk sends and binds."""
    return {
        ("", "paper"): ground.paper.pk,
        ("", "version"): ground.version.number,
        **_read(ground),
        **_received(ground),
        **_bound(ground),
        ("search", "article"): _law().pk,
    }


def _read(ground: Ground) -> Keys:
    council, delegate, version = ground.council, ground.delegate, ground.version
    Intake.objects.filter(version=version).update(thumbnails_sha256=store(PICTURE))
    PageText.objects.create(
        council=council, version=version, number=1, text="Dự thảo", thumbnail_size=12
    )
    ReadingPosition.objects.create(council=council, person=delegate, version=version)
    Notebook.objects.create(council=council, person=delegate, seq=1)
    note = Annotation.objects.create(
        council=council,
        person=delegate,
        key=new_id(),
        version=version,
        kind="note",
        page=1,
        data={"at": [0.1, 0.1]},
        text="Hỏi lại mức chi",
        clock=1,
        device=str(new_id()),
        seq=1,
    )
    opinion = Opinion.objects.create(
        council=council,
        paper=ground.paper,
        version=version,
        text="Đề nghị nêu rõ mức chi",
        author=delegate,
        author_name=delegate.full_name,
        nonce=new_id(),
    )
    device = Device.objects.create(
        council=council, person=delegate, key=new_id(), label="iPad · Safari"
    )
    return {
        ("intake", "page"): 1,
        ("reading", "note"): note.key,
        ("reading", "page"): 1,
        ("opinions", "opinion"): opinion.pk,
        ("briefcase", "device"): device.pk,
    }


def _received(ground: Ground) -> Keys:
    council = ground.council
    upload = Upload.objects.create(council=council, length=10, owner=ground.clerk)
    stub = SecretStub.objects.create(council=council, degree="secret", number=f"{ground.number}/M")
    return {("", "upload"): upload.pk, ("", "stub"): stub.pk}


def _bound(ground: Ground) -> Keys:
    council, session_id = ground.council, ground.session.pk
    imported = PaperImport.objects.create(
        council=council, session_id=session_id, owner=ground.clerk
    )
    packet = Packet.objects.create(
        council=council,
        session_id=session_id,
        state="done",
        sha256=ground.version.sha256,
        size=len(PDF),
        created_by_name="Trần Thị Bình",
    )
    return {("binder", "batch"): imported.pk, ("binder", "packet"): packet.pk}


def _law() -> LawArticle:
    law = Law.objects.create(
        corpus="rules", title="Luật Đất đai", kind="Luật", number="31/2024/QH15", digest="0" * 64
    )
    return LawArticle.objects.create(law=law, order=1, number="12", text="Quyền sử dụng đất")
