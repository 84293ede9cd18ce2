"""A re-run says what an independent program says of recorded life; order and batches change no byte."""

import csv
import gzip
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cep.rules import RuleError, load_rules
from connectors.files import load_events
from geo.city import CityError, load_city
from replay.recorded import ordered, turns_of
from replay.rerun import main, rerun
from replay.results import detection_line
from stream.clock import format_kst, parse_rfc3339
from stream.schema import US, Event, SourceError

CITY, RULES = load_city(), load_rules()
FRAME_US = 42_000  # one frame of the recorded crossing lasts 41.7 ms


def told(file: Path) -> list[dict[str, Any]]:
    """Every detection of a recorded file, as it stands in detections.jsonl."""
    events = ordered(load_events(file).events)
    result = rerun(turns_of(events), CITY, RULES)
    return [json.loads(detection_line(one)[-1]) for one in result.detections]


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text().splitlines()))


@pytest.mark.parametrize(("name", "expected"), [("all", "expected"), ("constructed", "expected_constructed")])
def test_the_crossing_equals_an_independent_program_row_by_row(shared: Path, name: str, expected: str) -> None:
    found = [d for d in told(shared / "crosswalk" / f"{name}.jsonl.gz") if d["rule"] in ("near_miss", "speeding")]
    wanted = rows(shared / "crosswalk" / f"{expected}.csv")
    assert len(found) == len(wanted) > 10
    for ours, theirs in zip(found, wanted, strict=True):
        assert (ours["rule"], ours["subject"], ours["severity"]) == (theirs["rule"], theirs["site"], theirs["severity"])
        evidence = ours["evidence"]
        assert (evidence["vehicle"], evidence.get("person", "")) == (theirs["vehicle"], theirs["person"])
        assert abs(parse_rfc3339(ours["at"]) - parse_rfc3339(theirs["at"])) <= FRAME_US
        if theirs["ttc_s"]:
            assert evidence["ttc_s"] == float(theirs["ttc_s"])


@pytest.mark.parametrize("name", ["hh-kb", "hh-kc", "hh-mp", "constructed"])
def test_the_homes_equal_an_independent_program(shared: Path, name: str) -> None:
    found = [d for d in told(shared / "homes" / f"{name}.jsonl.gz") if d["rule"] in ("inactivity", "away_long")]
    wanted = [row for row in rows(shared / "homes" / "expected.csv") if row["file"] == name]
    assert [(d["rule"], d["at"], d["subject"]) for d in found] == [(w["rule"], w["at"], w["household"]) for w in wanted]
    for ours, theirs in zip(found, wanted, strict=True):
        last = parse_rfc3339(ours["at"]) - round(ours["evidence"]["waited_s"] * US)
        assert last == parse_rfc3339(theirs["last_activity"])


def run(tmp_path: Path, lines: list[bytes], *words: str) -> tuple[bytes, bytes]:
    """Bytes of both files of a re-run by the command line."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n".join(lines))
    assert main([str(file), "--out", str(tmp_path / "out"), *words], load_events) == 0
    return (tmp_path / "out" / "detections.jsonl").read_bytes(), (tmp_path / "out" / "incidents.jsonl").read_bytes()


def lines_of(shared: Path, *names: str) -> list[bytes]:
    return [line for n in names for line in gzip.decompress((shared / f"{n}.jsonl.gz").read_bytes()).splitlines()]


def test_the_order_of_the_lines_and_doubles_change_no_byte(shared: Path, tmp_path: Path) -> None:
    lines = lines_of(shared, "crosswalk/constructed", "homes/constructed", "crosswalk/dut-07")
    first = run(tmp_path, lines)
    assert all(len(part) > 1000 for part in first)
    mixed = lines + lines[::50]
    random.Random(7).shuffle(mixed)
    assert run(tmp_path, mixed) == first
    arrays = [b"[" + b",".join(mixed[n : n + 37]) + b"]" for n in range(0, len(mixed), 37)]
    assert run(tmp_path, arrays) == first


def test_the_size_of_the_batches_changes_nothing(shared: Path) -> None:
    files = ("crosswalk/constructed", "crosswalk/dut-07", "homes/constructed")
    events = ordered([e for f in files for e in load_events(shared / f"{f}.jsonl.gz").events])
    first, *others = [rerun(turns_of(events, batch=size), CITY, RULES).lines for size in (100_000, 1000, 17)]
    assert all(other == first for other in others)


def alarm(id: str, at: str, what: str = "fall", household: str = "H-1") -> bytes:
    event = {
        "specversion": "1.0", "id": id, "source": "/device/h1", "type": "city.care.alarm", "time": at,
        "data": {"household": household, "alarm": what},
    }  # fmt: skip
    return json.dumps(event).encode()


def test_what_it_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [alarm("1", "2026-03-02T08:00:00+09:00"), b"{broken", alarm("1", "2026-03-02T08:00:00+09:00")]
    detections, incidents = run(tmp_path, lines, "--until", "2026-03-02T09:00:00+09:00")
    said = capsys.readouterr()
    assert "1 duplicates, 1 in quarantine" in said.err
    summary = json.loads(said.out.splitlines()[-1])
    assert list(summary) == ["events", "detections", "incidents", "seconds", "detections_sha256", "incidents_sha256"]
    assert [summary[k] for k in ("events", "detections", "incidents")] == [1, 2, 1]
    assert summary["seconds"] >= 0
    assert summary["detections_sha256"] == hashlib.sha256(detections).hexdigest()
    assert summary["incidents_sha256"] == hashlib.sha256(incidents).hexdigest()
    load = json.loads((tmp_path / "out" / "load.json").read_text())
    assert (load["annunciated"], load["positions"], load["mean"]) == (1, 5, round(1 / 7 / 5, 3))
    assert "mean 0.029 (limit 1)" in said.out and said.out.startswith("alarm load\n")
    fall, still = [json.loads(line) for line in detections.splitlines()]
    assert fall == {
        "rule": "fall_reported", "version": 1, "at": "2026-03-02T08:00:00+09:00", "subject": "H-1",
        "severity": "serious", "evidence": {"alarm": "fall", "source": "/device/h1"},
    }  # fmt: skip
    assert (still["rule"], still["severity"]) == ("no_motion_after_fall", "severe")
    assert still["at"] == "2026-03-02T08:01:00+09:00"
    (incident,) = [json.loads(line) for line in incidents.splitlines()]
    assert incident["detections"] == [[d["rule"], d["at"], "H-1"] for d in (fall, still)]
    assert incident["priority"] == "P1" and incident["score"] == sum(f["points"] for f in incident["factors"])
    assert incident["opened_at"] == fall["at"] and incident["state"] == "new" and incident["annunciated"] is True


def test_it_ends_with_the_last_event_or_later(tmp_path: Path) -> None:
    lines = [alarm("1", "2026-03-02T08:00:00+09:00")]
    assert run(tmp_path, lines)[0].count(b"\n") == 1
    assert run(tmp_path, lines, "--until", "2026-03-02T08:00:59.999+09:00")[0].count(b"\n") == 1
    assert run(tmp_path, lines, "--until", "2026-03-02T08:01:00+09:00")[0].count(b"\n") == 2
    assert run(tmp_path, lines, "--until", "2020-01-01T00:00:00Z")[0].count(b"\n") == 1
    assert run(tmp_path, [*lines, alarm("2", "2026-03-02T08:05:00.250Z", "sos")])[0].count(b"\n") == 3


def test_a_file_without_events_gives_empty_files(tmp_path: Path) -> None:
    assert run(tmp_path, []) == (b"", b"")


def test_what_cannot_be_read_or_written_is_said_before_anything_is_judged(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for words in (["none.jsonl"], [str(tmp_path / "file"), "--out", str(tmp_path / "file" / "out")]):
        with pytest.raises(SourceError, match="bad_fil|bad_folder"):
            main([*words[:1], "--out", str(tmp_path / "out"), *words[1:]], load_events)
    for word, error in (("--rules", RuleError), ("--city", CityError), ("--until", SourceError)):
        with pytest.raises(error):
            main([str(tmp_path / "file"), "--out", str(tmp_path / "out"), word, "none"], load_events)
    with pytest.raises(SystemExit) as ended:
        main([], load_events)
    assert ended.value.code == 2


def moved(events: list[Event], weeks: int, household: str = "", source: str = "") -> list[Event]:
    """The same life some weeks later, in another home if one is named."""
    by, found = weeks * 7 * 86_400 * US, []
    for e in events:
        data = replace(e.data, household=household) if household else e.data
        times = {"time": e.time + by, "at": e.at + by, "arrival": e.arrival + by}
        found.append(replace(e, id=f"{e.id}/{weeks}", data=data, source=source or e.source, **times))
    return found


def rhythm_breaks(events: list[Event]) -> list[tuple[str, str]]:
    """Rule and moment of each rhythm that was broken."""
    found = rerun(turns_of(ordered(events)), CITY, RULES).detections
    return [(one.rule, format_kst(one.at)) for one in found if RULES.get(one.rule).pattern == "rhythm"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["hh-kb", "hh-kc", "hh-mp", "constructed", "hh-mp-analogue"])
def test_no_recorded_home_breaks_its_rhythm(shared: Path, name: str) -> None:
    assert rhythm_breaks(load_events(shared / "homes" / f"{name}.jsonl.gz").events) == []


def test_a_home_that_falls_silent_is_found_hours_before_the_fixed_limit(shared: Path) -> None:
    """The constructed home, known for two weeks: house B, of which it is made, stands before it."""
    known = load_events(shared / "homes" / "hh-kb.jsonl.gz").events
    silent = load_events(shared / "homes" / "constructed.jsonl.gz").events
    before = moved(known, -2, "HH-C1", silent[0].source)
    assert ("rhythm_break", "2026-07-30T14:00:00+09:00") in rhythm_breaks(before + silent)  # last sign 09:56
    assert rhythm_breaks(before + moved(known, 0, "HH-C1", silent[0].source)) == []
