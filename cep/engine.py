"""The engine: a batch of events in, what the rules conclude out.

``step`` is a pure function of the memory, the events and ``now``: no clock, no random, no set order. Kernels walk the
batch's columns, two over frames and signals, one over single events and timers, one over events that follow one
another, where rules ask for it; what they find is put in the order
of the events (a timer before the event that it came due before), told as ``Detection``, and counted for chatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cep import checkpoint
from cep.chatter import Chatter
from cep.codes import ACTIVITY, FRAME, KIND, class_table
from cep.encode import MAX_OBJECTS, ROW, Encoder
from cep.encroach import Encroach, encroachments
from cep.evidence import Teller
from cep.follow import compile_follow
from cep.kernels import Direct
from cep.kernels.care import judge_events
from cep.kernels.follow import judge_follow
from cep.kernels.pick import in_order, pick
from cep.kernels.road import judge_road
from cep.kernels.street import judge_street
from cep.kernels.timers import arm, push
from cep.looks import compile_looks, modes_asked
from cep.memory import Memory
from cep.rules import RuleTable
from cep.ruling import carry_chatter, carry_counts, carry_paths, carry_timers
from cep.state import FOUND
from cep.street import compile_street
from cep.table import compile_rules
from cep.watch import Saved, Seen, Watch
from cep.when import Gate, Heard
from stream.schema import CareAlarm, CareReading, Detection, Event, RoadFrame, RoadObject, RoadSignal

FAR_FUTURE, FAR_PAST = 1 << 61, -(1 << 61)
CLASSES, NONE = class_table(), np.zeros((0, FOUND.itemsize // 8), np.int64)
PICK, ORDER, EVENTS, FOLLOW = map(Direct, (pick, in_order, judge_events, judge_follow))
ROAD, STREET = map(Direct, (judge_road, judge_street))


def warm_up_events() -> list[Event]:
    """A frame of two who are about to meet, twice, a reading and an alarm."""
    car = RoadObject(1, "vehicle", 0.0, 0.0, 5.0, 0.0)
    child = RoadObject("a", "child", 3.0, 0.0, 0.0, 0.0)
    data = [
        ("city.road.signal", RoadSignal("S", "red", "walk")),
        ("city.road.frame", RoadFrame("S", [car, child])),
        ("city.road.frame", RoadFrame("S", [car, child])),
        ("city.care.reading", CareReading("H", "pir", True)),
        ("city.care.alarm", CareAlarm("H", "fall")),
    ]
    return [Event(str(n), "/system/warm", type_, n, "", one, None, n, n) for n, (type_, one) in enumerate(data)]


# Arrays of FOUND are moved as plain words (8 bytes each): field by field numpy takes four times as long.


def cut(out: np.ndarray, n: int) -> np.ndarray:
    """A copy of the first n as words, a row each."""
    return out.view(np.int64).reshape(len(out), -1)[:n].copy()


def sorted_by_row(parts: Sequence[np.ndarray], rows: int) -> np.ndarray:
    """All of these words as FOUND in the order of the events, what a timer found before a row in front of it."""
    words = np.concatenate(parts)
    out = np.empty_like(words)
    ORDER(words.view(FOUND).reshape(-1), np.empty(2 * rows + 4, np.int64), out.view(FOUND).reshape(-1))
    return out.view(FOUND).reshape(-1)


class Engine:
    """All rules over one memory. ``city`` gives limits, stop lines and how often sources are expected."""

    def __init__(self, city: Any, rules: RuleTable) -> None:
        self.city = city
        self._out, self._street_out = np.zeros(1024, FOUND), np.zeros(16384, FOUND)
        self._persons, self._room = np.zeros(MAX_OBJECTS, np.int64), np.zeros((4, 4096), np.int64)
        self.begin(rules)

    def begin(self, rules: RuleTable) -> None:
        """Begin with these rules and an empty memory."""
        self.rules = rules
        self.arrays, self.follow_rules = compile_rules(rules), compile_follow(rules)
        self.street_rules = compile_street(rules)
        self._looks, self._modes = compile_looks(self.arrays, self.follow_rules), modes_asked(self.arrays)
        self._street_rules = sum(map(len, self.street_rules))
        self._gap = int(self.arrays.pairs["gap"].max(initial=0))
        paths, watched = encroachments(rules.of("encroachment"), self.city), Watch(self.city, rules).save()
        memory = Memory(self.city, self.arrays, self.follow_rules, self.street_rules)
        self._start(memory, Chatter(rules), [], paths, watched)

    def _start(
        self, memory: Memory, chatter: Chatter, heard: Heard, paths: tuple[Encroach, ...], watched: Saved
    ) -> None:
        self.memory, self.chatter, self.paths = memory, chatter, paths
        memory.followers = paths
        self.gate = Gate(self.city, [rule.when for rule in self.rules.rules])
        self.gate.load(heard)
        self.watch = Watch(self.city, self.rules)
        self.watch.load(watched)
        self._encoder = Encoder(memory, self.city.limit_kph)
        self._teller = Teller(memory, self.rules)

    def use(self, rules: RuleTable, now: int) -> None:
        """Judge by the thresholds of this table from ``now`` on (``cep/ruling.py``): the same rules, the same memory.

        Compiles nothing. The order of calls and their ``now`` decide, so a re-run that does the same finds the same.
        """
        arrays, follow = compile_rules(rules), compile_follow(rules)
        carry_timers(self.memory, self.arrays, arrays, now)
        carry_counts(self.memory, self.follow_rules, follow)
        paths = carry_paths(self.memory, self.paths, rules, self.city)
        self.rules, self.arrays, self.follow_rules = rules, arrays, follow
        self.street_rules = compile_street(rules)
        self._looks, self._modes = compile_looks(arrays, follow), modes_asked(arrays)
        self._gap = int(arrays.pairs["gap"].max(initial=0))
        self._start(self.memory, carry_chatter(self.chatter, rules), self.gate.save(), paths, self.watch.save())

    def step(self, events: Sequence[Event], now: int | None = None) -> list[Detection]:
        """Detections of these events in their order, timers due before an event first, then those due by ``now``.

        Without ``now`` only the events' own times drive the timers, so a stream may be cut into steps anywhere; a step
        with the moment of the end closes it. With ``now`` (live) no reading counts for a later moment than that.
        """
        if self.memory.sweep():
            self.chatter.forget(self.memory.clock)
        if now is not None:
            self.memory.clock = max(self.memory.clock, now)
        rows, objects = self._encoder.encode(events)
        names, watched = self.memory.entities.names, self.watch.hear(events)
        found, seen = self.gate.sift(self.find(rows, objects, now), watched, rows, events, names)
        detections: list[Detection] = []
        for one in found:
            while seen and seen[0][0] < one["row"]:
                self._say(self._watched(*seen.pop(0), events), detections)
            self._say(self._teller.tell(one, events), detections)
        for n, concluded in seen:
            self._say(self._watched(n, concluded, events), detections)
        return detections

    def _say(self, detection: Detection, detections: list[Detection]) -> None:
        detections.append(detection)
        detections += self.chatter.hear(detection)

    def _watched(self, n: int, seen: Seen, events: Sequence[Event]) -> Detection:
        rule, evidence = self.rules.rules[seen.rule], {"source": events[n].source} | seen.evidence
        return self._teller.detection(rule, events[n].at, seen.subject, rule.severity, evidence)

    def find(self, rows: np.ndarray, objects: np.ndarray, now: int | None) -> np.ndarray:
        """What the kernels find in these columns, in order (``state.FOUND``)."""
        if len(rows) > self._room.shape[1]:
            self._room = np.zeros((4, 2 * len(rows)), np.int64)
        top, last = (FAR_FUTURE, FAR_PAST) if now is None else (now, now)
        n, c, m = PICK(rows, top, self._looks, self.memory.care.entities, self._room)
        road, care, follow, times = self._room
        parts = self._care(care[:c], rows, times[: len(rows)], last)
        if n:
            picked = road[:n]
            parts += self._road(picked, rows, objects) + self._street(picked, rows, objects)
            for one in self.paths:
                found = one.judge(picked, rows, objects, CLASSES, self.memory.entities.names)
                parts += [cut(part, len(part)) for part in found if len(part)]
        if m:
            parts += self._follow(follow[:m], rows, times)
        if len(parts) > 1 or n:
            return sorted_by_row([NONE, *parts], len(rows))
        return (parts or [NONE])[0].view(FOUND).reshape(-1)

    def _care(self, picked: np.ndarray, rows: np.ndarray, times: np.ndarray, last: int) -> list[np.ndarray]:
        done, at, parts, a = 0, 0, [], self.arrays
        while at <= len(rows):
            done, at, n = EVENTS(
                picked, done, at, last, rows, times, self.memory.care, a, self._modes, KIND[ACTIVITY], self._out
            )
            if n:
                parts.append(cut(self._out, n))
            if at <= len(rows):
                most = len(a.visits) + len(a.silences) + len(a.rhythms) + 1
                if n + most > len(self._out):
                    self._widen(len(self._out))
                self.memory.more_timers(most + 2 * (len(picked) - done))
        return parts

    def _follow(self, picked: np.ndarray, rows: np.ndarray, times: np.ndarray) -> list[np.ndarray]:
        at, parts = 0, []
        while at < len(picked):
            at, n = FOLLOW(picked, at, rows, times, self.memory.follow, self.follow_rules, self._out)
            if n:
                parts.append(cut(self._out, n))
            if at < len(picked):
                self._widen(len(self._out))
        return parts

    def _road(self, picked: np.ndarray, rows: np.ndarray, objects: np.ndarray) -> list[np.ndarray]:
        at, parts = 0, []
        while at < len(picked):
            begun = at
            at, n = ROAD(
                picked, at, rows, objects, self.memory.road, self.arrays, CLASSES, self._persons, FRAME, self._out
            )
            if n:
                parts.append(cut(self._out, n))
            if at < len(picked):
                need = self._need(int(rows[picked[at]]["n"]))
                if at == begun or need > len(self._out):
                    self._widen(need)
                if (int(self.memory.road.n_meetings[0]) + need) * 2 > len(self.memory.road.meetings):
                    self.memory.more_meetings(need, self._gap)
        return parts

    def _street(self, picked: np.ndarray, rows: np.ndarray, objects: np.ndarray) -> list[np.ndarray]:
        at, parts, rules, street = 0, [], self.street_rules, self.memory.street
        lives, speeds = np.zeros(len(objects), np.int64), np.zeros(len(objects), np.float64)
        while at < len(picked) and self._street_rules:
            out = self._street_out
            at, n = STREET(picked, at, rows, objects, street, rules, CLASSES, FRAME, lives, speeds, out)
            if n:
                parts.append(cut(out, n))
            if at < len(picked) and (int(rows[picked[at]]["n"]) + 1) * self._street_rules > len(out):
                self._street_out = np.zeros(2 * len(out), FOUND)
        return parts

    def _need(self, objects: int) -> int:
        """At most so many detections and meetings of a frame with so many objects."""
        a = self.arrays
        pairs = (objects // 2 + 1) ** 2 * len(a.pairs)
        return pairs + objects * (len(a.holds) + len(a.memories) + len(a.crosses))

    def _widen(self, need: int) -> None:
        if need > len(self._out) or need == len(self._out):
            self._out = np.zeros(2 * need, FOUND)

    def expect(self, at: int) -> None:
        """Count every source that the city expects as heard at ``at``: one that never speaks is found silent."""
        for source in self.city.expected():
            slot = self.memory.entities.of.get(source)
            slot = self.memory.entity(source) if slot is None else slot
            self.memory.care.entities[slot]["seen"] = max(at, int(self.memory.care.entities[slot]["seen"]))
            self.memory.more_timers(len(self.arrays.silences))
            care = self.memory.care
            for n in self.arrays.silences:
                rule, period = self.arrays.waits[n], int(care.entities[slot]["period"])
                wait = int(rule["times"]) * (period or int(rule["wait"]))
                if arm(care.waiting[slot, n], 0, wait, at) == 2:
                    push(care.timers, care.n_timers, at + wait, at, care.order[0], slot, n)

    def warm(self) -> None:
        """Compile every kernel on the dtypes it will meet, on a scratch memory, before the door opens."""
        scratch = Engine(self.city, self.rules)
        scratch.expect(0)
        scratch.step(warm_up_events(), 2)
        scratch._follow(np.zeros(1, np.int64), np.zeros(1, ROW), np.zeros(1, np.int64))
        scratch.memory.more_meetings(1, self._gap)
        scratch.step([], FAR_FUTURE)

    def due(self) -> int | None:
        """When the next timer may fire (µs); None when none waits."""
        care = self.memory.care
        return int(care.timers[0]["due"]) if care.n_timers[0] else None

    def counters(self) -> dict[str, int]:
        """How many frames came late and were not judged, and how much is remembered."""
        memory = self.memory
        return {
            "late_frames": int(memory.road.late[0]),
            "entities": len(memory.entities.of),
            "sensors": len(memory.sensors.of),
            "tracks": len(memory.tracks.of),
            "timers": int(memory.care.n_timers[0]),
        }

    def save(self) -> bytes:
        """The whole memory, so that a restart goes on exactly."""
        heard, watched = self.gate.save(), self.watch.save()
        return checkpoint.save(self.memory, self.chatter, heard, self.paths, watched, self._digest())

    def load(self, saved: bytes) -> None:
        """Go on from ``save``. Raises ``checkpoint.Unfit`` when it is of other rules, another city or another form."""
        self._start(*checkpoint.load(saved, self._digest(), self.city, self.rules, self.arrays, self.follow_rules))

    def _digest(self) -> str:
        return f"{self.rules.digest}/{self.city.digest}"
