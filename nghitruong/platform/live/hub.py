"""The hub: what every open stream has been sent, in memory, bounded. Lives in the event loop.

A topic is one stream's tail. Events come from the reader in order; each is serialised once and the
same bytes go to every screen that stands at the same place. A screen that reads too slowly is set
aside and catches up from the tail at its own pace, or is told to start afresh; it never makes the
process grow and never holds up the others.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

import orjson

from nghitruong.platform.live import api
from nghitruong.platform.live.events import RightsMoved
from nghitruong.platform.live.registry import registry
from nghitruong.platform.live.sql import EventRow

logger = logging.getLogger(__name__)

TAIL = {"hall": 400, "chair": 400, "named": 40, "me": 40}  # events kept per stream
_PLAIN = re.compile(r'\{"slice": ?"(\w+)", ?"value": ?(.*)\}', re.DOTALL)
IDLE_SECONDS = 120.0  # a stream nobody listens to is forgotten after so long


@dataclass(slots=True)
class Kept:
    """An event in a tail: its seq and the ``data:`` line, ready to be sent."""

    seq: int
    line: bytes


@dataclass(slots=True)
class Topic:
    """The tail of one stream: every event after ``floor`` up to ``seq``."""

    key: str
    audience: str  # one of registry.AUDIENCES
    seq: int = 0
    floor: int = 0
    tail: deque[Kept] = field(default_factory=deque)
    screens: set[Screen] = field(default_factory=set)
    loaded: bool = False
    shut: bool = False  # outsiders may not hear it now
    wanted: int | None = None  # the oldest place a waiting screen wants to continue from
    left_at: float = 0.0

    def after(self, seq: int) -> list[Kept] | None:
        """Events after ``seq``; None when the tail no longer reaches back so far."""
        if seq < self.floor or seq > self.seq:
            return None
        if seq == self.seq:
            return []
        return [kept for kept in self.tail if kept.seq > seq]


@dataclass(eq=False, slots=True)
class Screen:
    """One open stream: where it stands in each topic, and how to write to it."""

    topics: dict[str, Topic]  # audience → topic
    seqs: dict[str, int]
    write: Callable[[bytes], bool]  # False: not written, the client reads too slowly
    wake: Callable[[], None]  # it lags, must start afresh, or the process stops
    lagging: bool = False
    closed: bool = False
    reset: bool = False
    outside: bool = False  # not for them when a stream is shut
    device: str = ""  # the sign-in it was opened with

    def id_line(self, epoch: str) -> bytes:
        """``id: epoch;hall=512;me=7``"""
        return ("id: " + epoch + "".join(f";{k}={v}" for k, v in self.seqs.items())).encode()


class Hub:
    """All topics and screens. Every method runs in the event loop's thread."""

    def __init__(self) -> None:
        self.epoch = ""
        self.topics: dict[str, Topic] = {}
        self.screens: set[Screen] = set()
        self.sent = 0
        self.lagged = 0
        self.resets = 0
        self.transient_version: dict[str, int] = {}  # sitting → how often its progress moved
        self.on_shut: Callable[[], None] = lambda: None  # rights known until now may be wrong
        # Person, or the sign-in a ticket was given to → older tickets are worth nothing.
        self.ended: dict[uuid.UUID | str, float] = {}

    # --- topics --------------------------------------------------------------------------------

    def topic(self, key: str, audience: str, wanted: int | None = None) -> Topic:
        """The stream's topic; a new one waits to be loaded by the reader."""
        found = self.topics.get(key)
        if found is None:
            found = self.topics[key] = Topic(key, audience, left_at=time.monotonic())
        if not found.loaded and wanted is not None:
            found.wanted = wanted if found.wanted is None else min(found.wanted, wanted)
        return found

    def load(self, key: str, seq: int, floor: int, rows: list[EventRow]) -> None:
        """The reader's first look at a stream: its last seq and its events after ``floor``."""
        topic = self.topics.get(key)
        if topic is None or topic.loaded:
            return
        topic.loaded = True
        # Events of the moment between the two queries may be in ``rows`` and not in ``seq``.
        topic.seq = max([seq, *(row.seq for row in rows)])
        topic.floor = floor if floor == topic.seq or rows else topic.seq
        topic.tail.extend(Kept(row.seq, self._line(topic.audience, row)) for row in rows)

    def positions(self) -> dict[str, int]:
        """What to read after, for every loaded topic."""
        return {key: topic.seq for key, topic in self.topics.items() if topic.loaded}

    def unloaded(self) -> dict[str, int | None]:
        """Topics somebody waits for → the seq to read after; negative: counted from the end;
        None: nothing older is wanted."""
        return {
            key: topic.wanted if topic.audience == "me" else -TAIL[topic.audience]
            for key, topic in self.topics.items()
            if not topic.loaded
        }

    def forget_idle(self, now: float | None = None) -> None:
        """Drop topics nobody has listened to for a while."""
        now = time.monotonic() if now is None else now
        for key, topic in list(self.topics.items()):
            if not topic.screens and topic.loaded and now - topic.left_at > IDLE_SECONDS:
                del self.topics[key]
        if len(self.transient_version) > 256:
            live = {key.split(":")[1] for key in self.topics if key.startswith("sitting:")}
            for sitting in set(self.transient_version) - live:
                del self.transient_version[sitting]

    # --- delivering ------------------------------------------------------------------------------

    def publish(self, rows: Iterable[EventRow]) -> None:
        """New rows, in order within each stream; rows already seen are skipped.

        Rows of one stream that follow each other (the end of a vote has three) go to each screen
        in one write: with a thousand screens the writes are what takes time.
        """
        for key, some in groupby(rows, key=attrgetter("stream")):
            topic = self.topics.get(key)
            if topic is None or not topic.loaded:
                continue
            fresh: list[Kept] = []
            for row in some:
                if row.seq <= topic.seq:
                    continue
                if row.seq != topic.seq + 1:
                    logger.error("stream %s: %d after %d", key, row.seq, topic.seq)
                    self._reset_topic(topic)
                    break
                if topic.audience == "hall":
                    self._doors(topic, row)
                elif row.type == RightsMoved.type:
                    self.on_shut()
                    for screen in list(topic.screens):
                        self._turn_away(screen)
                topic.seq = row.seq
                fresh.append(Kept(row.seq, self._line(topic.audience, row)))
                topic.tail.append(fresh[-1])
                if len(topic.tail) > TAIL[topic.audience]:
                    topic.floor = topic.tail.popleft().seq
            else:
                if fresh:
                    self._fan_out(topic, fresh)

    def _doors(self, topic: Topic, row: EventRow) -> None:
        """Outsiders go before they are told of what is behind shut doors."""
        shut = registry.doors.get(row.type)
        if shut is None:
            return
        if shut and not topic.shut:
            self.on_shut()
        topic.shut = shut
        if shut:
            for screen in [screen for screen in topic.screens if screen.outside]:
                self._turn_away(screen)

    def end_tickets(self, ended: Mapping[uuid.UUID | str, float]) -> None:
        """Whose tickets have ended now; their open screens go and must come with a new one."""
        fresh = [one for one, until in ended.items() if self.ended.get(one) != until]
        self.ended.clear()
        self.ended.update(ended)
        devices = {one for one in fresh if isinstance(one, str)}
        for screen in [screen for screen in self.screens if devices and screen.device in devices]:
            self._turn_away(screen)
        for person in fresh:
            if isinstance(person, str):
                continue
            for key in (api.person_stream(person), api.doorbell_stream(person)):
                topic = self.topics.get(key)
                for screen in list(topic.screens) if topic is not None else []:
                    self._turn_away(screen)

    def _turn_away(self, screen: Screen) -> None:
        screen.closed = screen.lagging = True
        self.detach(screen)
        screen.wake()

    def _fan_out(self, topic: Topic, fresh: list[Kept]) -> None:
        # Screens at the same place get the very same bytes: one join per place, not per screen.
        made: dict[tuple[int, ...], bytes] = {}
        audience, epoch, before = topic.audience, self.epoch, fresh[0].seq - 1
        for screen in list(topic.screens):
            if screen.lagging:
                continue
            if screen.seqs[audience] != before:
                self._lag(screen)
                continue
            place = tuple(screen.seqs.values())
            chunk = made.get(place)
            if chunk is None:
                parts = []
                for kept in fresh:
                    screen.seqs[audience] = kept.seq
                    parts.append(screen.id_line(epoch) + b"\n" + kept.line + b"\n\n")
                chunk = made[place] = b"".join(parts)
            screen.seqs[audience] = fresh[-1].seq
            if screen.write(chunk):
                self.sent += len(fresh)
            else:
                screen.seqs[audience] = before
                self._lag(screen)

    def push(self, sitting: str, parts: dict[str, dict[str, Any]], at: str) -> None:
        """Send transient slices (no seq, no id) to the sitting's screens; laggards miss them."""
        self.transient_version[sitting] = self.transient_version.get(sitting, 0) + 1
        for audience, slices in parts.items():
            topic = self.topics.get(f"sitting:{sitting}:{audience}")
            if topic is None or not topic.screens:
                continue
            for name, value in slices.items():
                message = {
                    "type": "progress",
                    "slice": name,
                    "data": value,
                    "seq": None,
                    "stream": audience,
                    "at": at,
                }
                chunk = b"data: " + orjson.dumps(message, default=str) + b"\n\n"
                for screen in list(topic.screens):
                    if not screen.lagging and screen.write(chunk):
                        self.sent += 1

    def ping(self, chunk: bytes) -> None:
        """The server's time, to every screen that keeps up."""
        for screen in list(self.screens):
            if not screen.lagging:
                screen.write(chunk)

    def _lag(self, screen: Screen) -> None:
        screen.lagging = True
        self.lagged += 1
        screen.wake()

    # --- screens ---------------------------------------------------------------------------------

    def attach(self, screen: Screen) -> None:
        """From now on the screen is sent what comes; it must stand at every topic's end."""
        if screen.outside and any(topic.shut for topic in screen.topics.values()):
            self._turn_away(screen)
            return
        self.screens.add(screen)
        for topic in screen.topics.values():
            topic.screens.add(screen)

    def detach(self, screen: Screen) -> None:
        """The screen is gone."""
        screen.closed = True
        self.screens.discard(screen)
        for topic in screen.topics.values():
            topic.screens.discard(screen)
            if not topic.screens:
                topic.left_at = time.monotonic()

    def missed(self, screen: Screen, *, limit: int = 64) -> list[bytes] | None:
        """The next messages the screen has not got (moving it forward); None: it must reset."""
        chunks: list[bytes] = []
        for audience, topic in screen.topics.items():
            kept = topic.after(screen.seqs[audience])
            if kept is None:
                return None
            for one in kept[: limit - len(chunks)]:
                screen.seqs[audience] = one.seq
                chunks.append(screen.id_line(self.epoch) + b"\n" + one.line + b"\n\n")
        return chunks

    def close_all(self) -> None:
        """End every stream (the process stops): screens come back by themselves."""
        for screen in list(self.screens):
            screen.closed = True
            screen.wake()

    def new_epoch(self, epoch: str) -> None:
        """History is another one: every screen starts afresh."""
        if self.epoch and self.epoch != epoch:
            for topic in list(self.topics.values()):
                self._reset_topic(topic)
        self.epoch = epoch

    def _reset_topic(self, topic: Topic) -> None:
        self.topics.pop(topic.key, None)
        for screen in list(topic.screens):
            self.resets += 1
            screen.reset = screen.lagging = True
            screen.wake()

    def _line(self, audience: str, row: EventRow) -> bytes:
        plain = _PLAIN.match(row.data)
        if plain is not None:  # as the database keeps it: the value is passed on unread
            name, value = plain[1], orjson.Fragment(plain[2])
        else:
            data = orjson.loads(row.data)
            name, value = data["slice"], data["value"]
        return b"data: " + orjson.dumps(
            {
                "type": row.type,
                "slice": name,
                "data": value,
                "seq": row.seq,
                "stream": audience,
                "at": row.at,
            }
        )
