"""What README and docs/ say is so: their events are taken, their verbs exist, their links lead somewhere."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import tomllib
import typing

import msgspec
import pytest

from connectors.decode import decode
from connectors.files import load_events
from console import verbs
from geo.city import load_city
from replay.rerun import main as rerun
from stream.clock import parse_rfc3339
from stream.schema import DATA
from tests.servers import ROOT

README = (ROOT / "README.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def blocks(kind: str) -> list[str]:
    """The code blocks of this kind in the README."""
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


def payloads() -> list[tuple[str, str | None]]:
    """Every event that the README shows, with the topic it is published to if there is one."""
    found: list[tuple[str, str | None]] = [(text, None) for text in blocks("json")]
    for block in blocks("sh"):
        words = shlex.split(block.replace("'$NOW'", "2026-03-02T08:30:00Z"), comments=True)
        for option, value in itertools.pairwise(words):
            if option in ("-d", "-m"):
                topic = words[words.index("-t") + 1] if option == "-m" else None
                found.append((value, topic))
    return found


def test_readme_shows_one_event_for_each_way_in():
    assert len(payloads()) == 3 and [bool(topic) for _, topic in payloads()].count(True) == 1


@pytest.mark.parametrize(("text", "topic"), payloads())
def test_event_of_the_readme_is_taken(text, topic):
    sender = topic.removeprefix("city/in/") if topic else None
    arrival = parse_rfc3339(json.loads(text)["time"])
    events, quarantined = decode(text.encode(), arrival, sender)
    assert quarantined == [] and len(events) == 1 and events[0].marks == ()
    assert load_city(None).place_of(events[0])


def test_rule_of_the_readme_fires_as_it_says(tmp_path, capsys):
    rule = blocks("toml")[0]
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / f"{tomllib.loads(rule)['id']}.toml").write_text(rule)
    day = tmp_path / "day.jsonl"
    reading = {"specversion": "1.0", "source": "/device/hub-0001", "type": "city.care.reading"}
    lines = [reading | {"id": str(n), "time": f"2026-08-02T14:0{n}:00+09:00",
                        "data": {"household": "HH-0001", "sensor": "temperature", "value": value}}
             for n, value in enumerate((34.9, 36.0))]
    day.write_text("\n".join(map(json.dumps, lines)))
    words = [str(day), "--rules", str(tmp_path / "rules"), "--out", str(tmp_path / "out")]
    assert rerun(words, load_events) == 0
    found = [json.loads(line) for line in (tmp_path / "out" / "detections.jsonl").read_text().splitlines()]
    assert [(one["rule"], one["evidence"]["value"]) for one in found] == [("hot_room", 36.0)]


def test_pages_name_only_verbs_that_exist():
    used = [verb for page in PAGES for verb in re.findall(r"python3 run\.py ([a-z]+)", page.read_text())]
    assert "test" in used and set(used) <= set(verbs.VERBS)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_to_files(page):
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text())]
    missing = [link for link in links if link and "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_page_of_docs_is_in_its_index():
    listed = set(re.findall(r"\]\(([a-z_0-9-]+\.md)\)", (ROOT / "docs" / "README.md").read_text()))
    assert listed == {p.name for p in (ROOT / "docs").glob("*.md")} - {"README.md"}


def test_events_page_has_every_type_field_and_word():
    page = (ROOT / "docs" / "events.md").read_text()
    rows = {m[1]: (m[2], m[3]) for m in re.finditer(r"^\| `(city\.[a-z.]+)` \| (.*) \| (\w+) \|$", page, re.MULTILINE)}
    assert rows.keys() == DATA.keys()
    for name, (body, kind) in DATA.items():
        for field in msgspec.structs.fields(body):
            sign = "" if field.required else "?"
            assert f"`{field.encode_name}{sign}`" in rows[name][0], f"{name}: {field.encode_name}"
            for word in typing.get_args(field.type):
                assert not isinstance(word, str) or f"`{word}`" in page, f"{name}: {word}"
        assert rows[name][1] == kind.value


def test_each_story_that_shows_a_deed_is_there():
    table = (ROOT / "docs" / "screens.md").read_text().partition("| deed |")[2].partition("\n\n")[0]
    named = re.findall(r"\b(\w+): (\w{9,})", table)
    gone = [f"{file}: {words}" for file, words in named if not re.search(
        rf"def test_\w*{words}", (ROOT / "tests" / "e2e" / f"test_{file}.py").read_text())]
    assert len(named) > 40 and gone == []
