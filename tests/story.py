"""Tells a story: contract events in, through decode, engine, fuse, desk and board, in memory and on event time.

A story is a TOML file of ``tests/stories``. ``start`` is a moment, every ``at`` seconds after it:

    [[frames]]   source, site, at, until, hz (10), objects: where they are at ``at``, moving straight on
    [[events]]   at, type, source, data; every, times to repeat it; late (s) if the device dates it earlier, < 0 later
    [[deeds]]    at, verb, incident (the n-th opened), by, args; refused: the code of the no
    [[reports]]  at, incident, state: what the outbox notes of the last report (sent, delivered)
    [[agency]]   at, incident, state, reason, unit: what the agency says of it
    [[hand]]     at, kind, site: opened by hand
    [[windows]]  at, what, subject, reason, minutes: maintenance or roadworks set; with end: ended by hand
    [[city]]     kind, id and properties that this story's city has otherwise than Osan's

and what must come of it: ``expect`` (``rule``'s detections, or all: "near_miss serious @1.2"), ``[[incidents]]``
(fields of the n-th opened at ``until``), ``noted`` (detections that opened nothing), ``sounded`` (annunciations at
most). The desk's own clock ticks each second, and over pauses of more than two minutes at their end.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from cep.engine import Engine
from cep.fuse import Fuse
from cep.rules import load_rules
from connectors.decode import decode
from geo.city import OSAN, City, load_city
from geo.read import read_features
from stream import decide, desk
from stream.board import Board
from stream.clock import format_kst, parse_rfc3339
from stream.heard import hear
from stream.journal import Chain
from stream.reports import progress
from stream.schema import (
    US,
    Change,
    Command,
    Detection,
    EscalationState,
    Event,
    Incident,
    Place,
    Priority,
    Record,
    Refusal,
    Severity,
)
from stream.settings import Settings
from stream.works import end_window, set_window

PAUSE_US = 120 * US
FOLDER = Path(__file__).parent / "stories"


@cache
def osan() -> City:
    """The built-in city."""
    return load_city()


@cache
def changed(told: str) -> City:
    """The built-in city with other properties at some features (JSON rows with ``kind``, ``id`` and what is new)."""
    document = json.loads(OSAN.read_text("utf-8"))
    rows = {(row["kind"], row["id"]): row for row in json.loads(told)}
    for feature in document["features"]:
        feature["properties"] |= rows.pop((feature["properties"]["kind"], feature["properties"]["id"]), {})
    assert not rows, rows
    data = json.dumps(document).encode()
    return City(read_features(data, "story"), sha256(data).hexdigest())


class Watched(Board):
    """A board that remembers what it showed after each record."""

    def __init__(self) -> None:
        super().__init__()
        self.states: list[Any] = []

    def apply(self, record: Record) -> list[Change]:
        changes = super().apply(record)
        self.states.append(shown(self, record.noted_at))
        return changes


def shown(board: Board, now: int) -> Any:
    """Everything a fold holds, for comparing two of them."""
    queue = [incident.id for incident in board.open(now)]
    lately = (dict(board.moving), dict(board.shelved), board.loud.count(now), board.cases.rows())
    facts = (dict(board.context), board.devices.rows(), board.trust.rows(), *lately)
    return dict(board.incidents), queue, board.counts(), facts


class _Kept:
    """The engine, with its detections kept."""

    def __init__(self, city: City) -> None:
        self.engine, self.found = Engine(city, load_rules()), list[Detection]()

    def step(self, events: list[Event], now: int) -> list[Detection]:
        found = self.engine.step(events, now)
        self.found += found
        return found


class Story:
    """One story, told to its end: ``detections``, ``records``, ``board``."""

    def __init__(self, file: Path) -> None:
        self.told = tomllib.loads(file.read_text("utf-8"))
        self.start = parse_rfc3339(self.told.get("start", "2026-03-03T10:00:00+09:00"))
        self.board, self.records, self.refused = Watched(), list[Record](), list[str]()
        self.city = changed(json.dumps(self.told["city"])) if "city" in self.told else osan()
        self._engine, self._n, self._last = _Kept(self.city), 0, self.start
        self._settings = Settings()
        fuse = Fuse(self.city)
        self._decider = decide.Decider(
            self.board, Chain(), self._engine, fuse.decide, partial(hear, dong=self.city.wards.named),
            self._crashed, fuse.rescore)
        acts = [act for name in ACTS for row in self.told.get(name, ()) for act in ACTS[name](self, row)]
        acts.append((self.start + int(self.told.get("until", 0) * US), len(acts), "wait", {}))
        for at, _, name, row in sorted(acts, key=lambda act: act[:2]):
            self._tick(at)
            getattr(self, f"_{name}")(at, row)
        assert not self._decider.faults, [r.body for r in self.records if r.kind == "fault.noted"]

    @property
    def detections(self) -> list[Detection]:
        """What the rules concluded, those of the engine and then the composite ones."""
        joined = [r.body["detection"] for r in self.records if r.kind == "incident.attached"]
        joined += [d for r in self.records if r.kind == "incident.opened" for d in r.body.get("detections", ())]
        return self._engine.found + [
            Detection(d["rule"], 1, d["at"], d["subject"], Severity(d["severity"]), d["evidence"])
            for d in joined if "parts" in d.get("evidence", {})
        ]

    def incident(self, n: int) -> Incident:
        """The n-th incident opened (from 1), as it is at the end."""
        ids = [r.subject for r in self.records if r.kind == "incident.opened"]
        incident = self.board.get(ids[n - 1])
        assert incident is not None
        return incident

    def sounded(self) -> int:
        """How often something was annunciated."""
        loud = {i.id for i in self.board.incidents.values() if i.annunciated}
        back = [r for r in self.records if r.kind in ("incident.returned", "incident.unshelved")]
        return len(loud) + sum(r.body["state"] == "new" for r in back)

    # acts: what a row becomes, as (at, order, how, row) ---------------------------------------------------------

    def _acts(self, row: dict[str, Any], how: str) -> list[Any]:
        every, times = row.get("every", 0.0), row.get("times", 1)
        moments = (self.start + round((row["at"] + n * every) * US) for n in range(times))
        return [(at, self._order(), how, row) for at in moments]

    def _order(self) -> int:
        self._n += 1
        return self._n

    def _frames(self, row: dict[str, Any]) -> list[Any]:
        hz = row.get("hz", 10)
        acts = []
        for n in range(int((row["until"] - row["at"]) * hz) + 1):
            moved = [{**o, "x": o["x"] + o["vx"] * n / hz, "y": o["y"] + o["vy"] * n / hz} for o in row["objects"]]
            told = {"type": "city.road.frame", "source": row["source"], "data": {"site": row["site"], "objects": moved}}
            acts.append((self.start + round((row["at"] + n / hz) * US), self._order(), "event", told))
        return acts

    # doing them -------------------------------------------------------------------------------------------------

    def _tick(self, now: int) -> None:
        pause = range(self._last + US, now, US) if now - self._last <= PAUSE_US else ()
        for moment in (*pause, now):
            self._put(desk.tick(self.board, moment, self._settings), moment)
            self.board.advance(moment)
        self._last = now

    def _put(self, drafts: Any, now: int) -> None:
        out = decide.Decided(records=[], changes=[], poison=[])
        self._decider.put(drafts, now, out)
        self.records += out.records

    def _event(self, at: int, row: dict[str, Any]) -> None:
        self._n += 1
        time = at - int(row.get("late", 0) * US)
        said = {key: row[key] for key in ("type", "source", "data")}
        told = {"specversion": "1.0", "id": f"e{self._n}", "time": format_kst(time), **said}
        events, aside = decode(json.dumps(told).encode(), at, None, check_clock="late" in row)
        assert not aside, aside
        self.records += self._decider.judge(events, at).records

    def _wait(self, at: int, row: dict[str, Any]) -> None:
        self.records += self._decider.judge([], at).records

    def _deed(self, at: int, row: dict[str, Any]) -> None:
        self._wait(at, row)
        incident = self.incident(row.get("incident", 1))
        self._n += 1
        args, by = row.get("args", {}), row.get("by", "op1")
        command = Command(f"c{self._n}", row["verb"], incident.id, args, by, "operator", incident.revision)
        answer = desk.decide(self.board, command, at, self._settings)
        refused = answer.code if isinstance(answer, Refusal) else ""
        assert refused == row.get("refused", ""), f"{row['verb']} at {row['at']}: {answer}"
        if not isinstance(answer, Refusal):
            self._put(answer, at)

    def _report(self, at: int, row: dict[str, Any]) -> None:
        incident = self.incident(row.get("incident", 1))
        to, key = EscalationState(row["state"]), f"R-{incident.id}"
        one = progress(incident, incident.escalations[-1], to, at, "outbox", "", receipt=key if to != "sent" else "")
        self._put([one] if one else [], at)

    def _agency(self, at: int, row: dict[str, Any]) -> None:
        report = self.incident(row.get("incident", 1)).escalations[-1]
        said = {k: row[k] for k in ("state", "reason", "unit", "eta_s") if k in row}
        data = {"report": report.key, "by": f"{report.agency}-desk", **said}
        self._event(at, {"type": "city.agency.update", "source": f"/system/{report.agency}", "data": data, **row})

    def _hand(self, at: int, row: dict[str, Any]) -> None:
        known = self.city.place(row["site"]) if "site" in row else None
        place = msgspec.convert(msgspec.to_builtins(known), Place) if known else None
        drafts = desk.open_by_hand(self.board, {"kind": row["kind"]}, row.get("by", "op1"), at, place)
        assert not isinstance(drafts, Refusal), drafts
        self._put(drafts, at)

    def _window(self, at: int, row: dict[str, Any]) -> None:
        args = {key: row[key] for key in ("what", "subject", "reason", "minutes") if key in row}
        by = row.get("by", "op1")
        drafts = (end_window(self.board.windows, args, by, at) if row.get("end")
                  else set_window(args, by, at, lambda what, subject: True))  # fmt: skip
        assert not isinstance(drafts, Refusal), drafts
        self._put(drafts, at)

    def _crashed(self, done: Any) -> None:
        raise AssertionError("a rule crashed")

    # what came of it --------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Hold the story's own expectations."""
        self._check_detections()
        opened = sum(r.kind == "incident.opened" for r in self.records)
        if "incidents" in self.told:
            wanted = self.told["incidents"]
            assert opened == len(wanted), [self.incident(n + 1).kind for n in range(opened)]
            for n, row in enumerate(wanted, 1):
                seen = self._seen(self.incident(n), row)
                assert seen == row, f"incident {n}: {seen} instead of {row}"
        if "noted" in self.told:
            noted = Counter(r.body["rule"] for r in self.records if r.kind == "detection.noted")
            assert noted == self.told["noted"], noted
        if "sounded" in self.told:
            assert self.sounded() <= self.told["sounded"], self.sounded()
        if "p1" in self.told:
            p1 = sum(i.priority == Priority.P1 for i in self.board.incidents.values())
            assert p1 == self.told["p1"], p1

    def _check_detections(self) -> None:
        rule = self.told.get("rule")
        found = [d for d in self.detections if rule in (None, d.rule)]
        if "expect" not in self.told:
            return
        assert len(found) == len(self.told["expect"]), [(d.rule, (d.at - self.start) / US) for d in found]
        for detection, text in zip(found, self.told["expect"], strict=True):
            word, *more = text.split()
            assert word == detection.rule
            for token in more:
                if token.startswith("@"):
                    assert abs((detection.at - self.start) / US - float(token[1:])) < 0.051, (text, detection)
                else:
                    assert token == detection.severity.name, (text, detection)

    @staticmethod
    def _seen(incident: Incident, row: dict[str, Any]) -> dict[str, Any]:
        """The fields that the row names, as the story writes them."""
        last = incident.escalations[-1] if incident.escalations else None
        special = {
            "priority": Priority(incident.priority).name, "n": len(incident.detections), "marks": list(incident.marks),
            "report": last.state if last else "", "factors": [f.name for f in incident.factors],
            "state": str(incident.state), "repeats": sum(d.n for d in incident.detections),
        }  # fmt: skip
        return {key: special[key] if key in special else getattr(incident, key) for key in row}


ACTS: dict[str, Any] = {
    "frames": Story._frames,
    "events": lambda story, row: story._acts(row, "event"),
    "deeds": lambda story, row: story._acts(row, "deed"),
    "reports": lambda story, row: story._acts(row, "report"),
    "agency": lambda story, row: story._acts(row, "agency"),
    "hand": lambda story, row: story._acts(row, "hand"),
    "windows": lambda story, row: story._acts(row, "window"),
}
