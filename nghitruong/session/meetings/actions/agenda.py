"""The agenda: items, their papers, their order."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from nghitruong.council.councils.models import Organization
from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import Paper
from nghitruong.lib.text import nfc
from nghitruong.platform.audit import api as audit
from nghitruong.platform.errors import Refused
from nghitruong.platform.storage.db import lock_row
from nghitruong.session.meetings import events, rules
from nghitruong.session.meetings.models import (
    AgendaItem,
    AgendaPaper,
    ItemKind,
    Session,
    Sitting,
)

MAX_MINUTES = 24 * 60
# Why these papers may not come to this session's agenda yet; None: they may.
Attaching = Callable[[Session, Sequence[Paper]], Refused | None]
_attaching: list[Attaching] = []


def _fields(
    *,
    kind: str,
    title: str,
    presenter: str = "",
    presenting_body: Organization | None = None,
    minutes: int = 10,
    closed_doors: bool = False,
) -> dict[str, Any]:
    if kind not in ItemKind.values:
        raise Refused("kind_missing", _("Hãy chọn loại nội dung."), status=422)
    title = " ".join(nfc(title).split())
    if not title:
        raise Refused("title_missing", _("Hãy ghi tên nội dung."), status=422)
    if not 0 <= minutes <= MAX_MINUTES:
        raise Refused("minutes_wrong", _("Thời lượng phải từ 0 đến 1.440 phút."), status=422)
    return {
        "kind": kind,
        "title": title[:500],
        "presenter": nfc(presenter).strip()[:200],
        "presenting_body": presenting_body,
        "minutes": minutes,
        "closed_doors": closed_doors,
    }


def _lock(session_id: Any) -> Session:
    """One writer of an agenda at a time; orders stay 1, 2, 3…"""
    session: Session = lock_row(Session.objects.filter(pk=session_id)).get()
    rules.check_open(session)
    return session


def _ordered(session: Session) -> list[AgendaItem]:
    """Items in the order of the day: by sitting, those of no sitting last."""
    items = list(AgendaItem.objects.filter(session=session).select_related("sitting"))
    far = 10_000
    items.sort(key=lambda i: (i.sitting.number if i.sitting else far, i.order, i.pk))
    return items


def _renumber(items: Sequence[AgendaItem]) -> None:
    changed = []
    for order, item in enumerate(items, start=1):
        if item.order != order:
            item.order = order
            changed.append(item)
    AgendaItem.objects.bulk_update(changed, ["order"])


def _record(action: str, item: AgendaItem, by: Actor, **payload: Any) -> None:
    audit.record(action, **by.audit(), target=item, payload={"title": item.title, **payload})


def add_item(
    session: Session,
    *,
    by: Actor,
    sitting: Sitting | None = None,
    papers: Sequence[Paper] = (),
    **fields: Any,
) -> AgendaItem:
    """A new item, the last of its sitting."""
    rules.may_prepare(by)
    values = _fields(**fields)
    with transaction.atomic():
        found = _lock(session.pk)
        if sitting is not None:
            _hold_sittings(sitting)
            rules.check_sitting_editable(sitting)
        item = AgendaItem(council=by.council, session=found, sitting=sitting, order=9_999, **values)
        item.save(force_insert=True)
        _check_attachable(found, papers)
        _attach(item, list(dict.fromkeys(papers)))
        _renumber(_ordered(found))
        item.refresh_from_db(fields=["order"])
        _record("meetings.add_item", item, by, sitting=sitting.number if sitting else None)
        events.agenda_changed([sitting.pk] if sitting else [])
    return item


def edit_item(
    item: AgendaItem,
    *,
    by: Actor,
    more: Sequence[Paper] = (),
    less: Collection[uuid.UUID] = (),
    **fields: Any,
) -> AgendaItem:
    """Change what an item says and the papers under it, as :func:`change_item_papers` does: all of
    it or nothing. Its place changes by :func:`move_item`."""
    rules.may_prepare(by)
    values = _fields(**fields)
    with transaction.atomic():
        _lock(item.session_id)
        found: AgendaItem = AgendaItem.objects.select_related("sitting").get(pk=item.pk)
        rules.check_items_movable([found])
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))
        _record("meetings.edit_item", found, by, minutes=found.minutes, kind=found.kind)
        change_item_papers(found, more=more, less=less, by=by)
        events.agenda_changed([found.sitting_id] if found.sitting_id else [])
    return found


def move_item(
    item: AgendaItem,
    *,
    by: Actor,
    before: AgendaItem | None = None,
    sitting: Sitting | None = None,
) -> AgendaItem:
    """Put an item just before another one, or (without ``before``) last in ``sitting``.

    The move is relative and runs alone on its session: two people who reorder at once both get
    what they asked for, whatever the order their screens showed. Raises Refused when the other
    item has meanwhile gone.
    """
    rules.may_prepare(by)
    with transaction.atomic():
        session = _lock(item.session_id)
        items = _ordered(session)
        by_key = {row.pk: row for row in items}
        moving = by_key.get(item.pk)
        target = by_key.get(before.pk) if before is not None else None
        if moving is None or (before is not None and target is None):
            raise Refused(
                "item_gone",
                _("Nội dung này vừa được người khác bỏ khỏi chương trình. Hãy tải lại trang."),
            )
        if moving is target:
            return moving
        destination = target.sitting if target is not None else sitting
        left = moving.sitting_id
        _hold_sittings(moving.sitting, destination)
        rules.check_items_movable([moving])
        check_not_current(moving)
        if destination is not None:
            rules.check_sitting_editable(destination)
        moving.sitting = destination
        items.remove(moving)
        items.insert(_place(items, target, destination), moving)
        moving.save(update_fields=["sitting"])
        _renumber(items)
        _record(
            "meetings.move_item",
            moving,
            by,
            order=moving.order,
            sitting=destination.number if destination else None,
        )
        events.agenda_changed({key for key in (left, moving.sitting_id) if key is not None})
    return moving


def _place(
    items: Sequence[AgendaItem], target: AgendaItem | None, destination: Sitting | None
) -> int:
    """Where to insert: at the target, or after the last item of the sitting and those before it."""
    if target is not None:
        return items.index(target)
    if destination is None:
        return len(items)
    place = 0
    for index, row in enumerate(items):
        if row.sitting is not None and row.sitting.number <= destination.number:
            place = index + 1
    return place


def _hold_sittings(*sittings: Sitting | None) -> None:
    """No hall goes to another item, and no sitting ends, until the transaction does: after the
    session, in one order, as their screens are told later. Each is as it is now."""
    wanted = [one for one in sittings if one is not None]
    rows = Sitting.objects.filter(pk__in={one.pk for one in wanted}).order_by("pk")
    states = {row.pk: row.state for row in lock_row(rows)}
    for one in wanted:
        if one.pk not in states:
            raise Refused(
                "sitting_gone",
                _("Phiên họp này vừa được người khác bỏ. Hãy tải lại trang."),
            )
        one.state = states[one.pk]


def check_not_current(item: AgendaItem) -> None:
    """What the hall is at stays where it is: «Next» counts from its place. The caller holds the
    item's sitting, else the hall may go to it at this moment."""
    if Sitting.objects.filter(current_item=item).exists():
        raise Refused(
            "item_current",
            _(
                "Hội trường đang ở nội dung «%(title)s» nên không bỏ hay chuyển chỗ được. Hãy điều "
                "hành sang nội dung khác trước, hoặc chuyển các nội dung còn lại."
            )
            % {"title": item.title},
        )


def remove_item(item: AgendaItem, *, by: Actor) -> None:
    """Take an item off the agenda; one the hall was at, discussed or voted on stays."""
    rules.may_prepare(by)
    with transaction.atomic():
        session = _lock(item.session_id)
        found = AgendaItem.objects.select_related("sitting").filter(pk=item.pk).first()
        if found is None:
            return
        _hold_sittings(found.sitting)
        rules.check_items_movable([found])
        check_not_current(found)
        touched = [found.sitting_id] if found.sitting_id else []
        _record("meetings.remove_item", found, by)
        try:
            with transaction.atomic():
                found.delete()
        except ProtectedError:
            raise Refused(
                "item_used",
                _(
                    "«%(title)s» đã được bàn, biểu quyết hoặc ghi trong diễn biến nên được giữ "
                    "trong hồ sơ kỳ họp. Nếu không xét nữa, hãy sửa tên nội dung và ghi rõ."
                )
                % {"title": found.title},
            ) from None
        _renumber(_ordered(session))
        events.agenda_changed(touched)


def register_attaching(hold: Attaching) -> None:
    """Called once, by the app that may keep papers from an agenda."""
    if hold not in _attaching:
        _attaching.append(hold)


def _check_attachable(session: Session, papers: Sequence[Paper]) -> None:
    """Papers that come to this agenda; those on it already were asked about then."""
    there = set(
        AgendaPaper.objects.filter(item__session=session).values_list("paper_id", flat=True)
    )
    fresh = [paper for paper in papers if paper.pk not in there]
    for hold in _attaching:
        refusal = hold(session, fresh)
        if refusal is not None:
            raise refusal


def _attach(item: AgendaItem, papers: Sequence[Paper], *, after: int = 0) -> None:
    AgendaPaper.objects.bulk_create(
        AgendaPaper(council_id=item.council_id, item=item, paper=paper, order=order)
        for order, paper in enumerate(papers, start=after + 1)
    )


def change_item_papers(
    item: AgendaItem,
    *,
    by: Actor,
    more: Sequence[Paper] = (),
    less: Collection[uuid.UUID] = (),
) -> None:
    """Take papers from under an item, then put others under it, the last in this order.

    A change, never a whole list: the others keep their place, also those that came since the
    caller's screen was drawn and those it does not show. Nothing to change is no act.
    """
    rules.may_prepare(by)
    with transaction.atomic():
        session = _lock(item.session_id)
        links = AgendaPaper.objects.filter(item=item).order_by("order", "pk")
        there = dict(links.values_list("paper_id", "order"))
        gone = {key for key in less if key in there}
        last = max(there.values(), default=0)
        fresh = [paper for paper in dict.fromkeys(more) if paper.pk not in there]
        if not gone and not fresh:
            return
        _check_attachable(session, fresh)
        links.filter(paper__in=gone).delete()
        _attach(item, fresh, after=last)
        now = [str(key) for key in links.values_list("paper_id", flat=True)]
        _record("meetings.set_item_papers", item, by, papers=now)
        events.agenda_changed([item.sitting_id] if item.sitting_id else [])
