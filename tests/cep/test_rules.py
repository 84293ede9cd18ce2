"""Rule files: the pinned rules are as the contract has them; a broken file is named with line, field and what fits."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from cep.patterns import PATTERNS
from cep.rules import BUILT_IN, RuleError, load_rules, read_rule
from stream.schema import Severity

PINNED = {
    "near_miss": {"ttc_s": 1.5, "severe_ttc_s": 1.0, "min_speed_mps": 1.5, "frames": 2, "gap_s": 3.0},
    "speeding": {"margin_kph": 5, "hold_s": 0.5, "limit_share": 1},  # the whole limit
    "speeding_with_child": {"range_m": 15, "look_back_s": 2},
    "signal_violation_walk": {},
    "fall_reported": {},
    "no_motion_after_fall": {"quiet_s": 60},
    "smoke_or_gas": {},
    "sos": {},
    "vital": {},
    "inactivity": {"limit_s": 12 * 3600},
    "away_long": {"away_s": 24 * 3600},
    "safety_call_unanswered": {"attempts": 3, "within_h": 24},
    "welfare_urgent": {"risk_min": 80, "weight_min": 1.0},
    "welfare_contact_overdue": {"first_h": 24, "second_h": 48},
    "reported": {"conf_min": 0.5},
    "source_silent": {"period_s": 30},
    "chattering": {"n": 3, "window_s": 60},
}
STREET = ("jaywalking", "loitering", "illegal_parking", "harsh_braking", "harsh_acceleration", "wrong_way", "crowd")
SEVERITY = {
    "speeding": "notice", "away_long": "notice", "source_silent": "notice", "chattering": "notice",
    "fall_reported": "serious", "vital": "serious", "no_motion_after_fall": "severe", "smoke_or_gas": "severe",
    "sos": "severe",
    "signal_violation_walk": "severe", "safety_call_unanswered": "severe",
}  # fmt: skip


def test_every_pinned_rule_is_there_with_the_thresholds_of_the_contract() -> None:
    table = load_rules()
    for id, thresholds in PINNED.items():
        rule = table.get(id)
        assert rule is not None
        told = {name: value for name, value in rule.thresholds.items() if value not in (None, 0.0)}
        assert told == thresholds, id
    assert all(table.get(id).severity == Severity[word] for id, word in SEVERITY.items())  # type: ignore[union-attr]
    assert {*PINNED, *STREET} <= set(table.index)
    assert not any(table.get(id).when for id in PINNED)  # type: ignore[union-attr]


def test_every_file_says_why_and_where_its_numbers_come_from() -> None:
    for row in load_rules().register():
        fields = ("title", "title_en", "why", "why_en", "source", "source_ko", "help")
        assert all(row[field].strip() for field in fields)
        assert row["severity"] in ("notice", "moderate", "serious", "severe") and row["version"] >= 1
        assert all(any("가" <= c <= "힣" for c in row[field]) for field in ("title", "why", "source_ko"))
        assert not any("가" <= c <= "힣" for c in row["why_en"])
    assert {r.pattern for r in load_rules().rules} == set(PATTERNS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rule of an operator's own."""
    shutil.copy(BUILT_IN / "near_miss.toml", tmp_path)
    return tmp_path


def change(folder: Path, old: str, new: str, file: str = "near_miss.toml") -> None:
    body = (folder / file).read_text()
    assert old in body
    (folder / file).write_text(body.replace(old, new, 1))


def test_an_operators_folder_replaces_adds_and_switches_off_but_loses_nothing(folder: Path) -> None:
    change(folder, "ttc_s = 1.5 ", "ttc_s = 1.2 ")
    shutil.copy(BUILT_IN / "inactivity.toml", folder / "inactivity_day.toml")
    change(folder, 'id = "inactivity"', 'id = "inactivity_day"', "inactivity_day.toml")
    shutil.copy(BUILT_IN / "vital.toml", folder)
    change(folder, "version = 1", "version = 1\nenabled = false", "vital.toml")
    table = load_rules(folder)
    assert table.get("near_miss").thresholds["ttc_s"] == 1.2  # type: ignore[union-attr]
    assert table.get("inactivity_day") and table.get("vital") is None
    assert set(load_rules().index) - set(table.index) == {"vital"}
    assert table.digest != load_rules().digest == load_rules().digest


BROKEN = [
    ("ttc_s = 1.5 ", "ttc_s = -1 ", "thresholds.ttc_s", 13),
    ("ttc_s = 1.5 ", "ttc_s = true ", "thresholds.ttc_s", 13),
    ("ttc_s = 1.5 ", "ttc_s = nan ", "thresholds.ttc_s", 13),
    ("ttc_s = 1.5 ", 'ttc_s = "1.5" ', "thresholds.ttc_s", 13),
    ("ttc_s = 1.5 ", "ttc_ms = 1500 ", "thresholds.ttc_ms", 13),
    ("gap_s = 3.0 ", "gap_s = 0 ", "thresholds.gap_s", 17),
    ("frames = 2 ", "frames = 2.5 ", "thresholds.frames", 16),
    ("severe_ttc_s = 1.0 ", "severe_ttc_s = 1.6 ", "thresholds.severe_ttc_s", 14),
    ('pattern = "pair"', 'pattern = "telepathy"', "pattern", 5),
    ('severity = "serious"', 'severity = "awful"', "severity", 6),
    ('severity = "serious"', 'severity = "serious"\ncolour = "red"', "colour", 7),
    ("version = 1", "version = 0", "version", 2),
    ('title_en = "Near miss of a vehicle and a person"', "", "title_en", None),
    ('persons = ["pedestrian", "child", "bicycle"]', 'persons = ["dog"]', "match.persons", 21),
    ('persons = ["pedestrian", "child", "bicycle"]', "persons = []", "match.persons", 21),
    ('id = "near_miss"', 'id = "Near Miss"', "id", 1),
    ('id = "near_miss"', 'id = "other"', "id", None),
    ("[match]", "[match", "file", 19),
]


@pytest.mark.parametrize(("old", "new", "field", "line"), BROKEN)
def test_a_broken_file_is_refused_by_file_line_field_and_what_is_allowed(
    folder: Path, old: str, new: str, field: str, line: int | None
) -> None:
    change(folder, old, new)
    with pytest.raises(RuleError) as caught:
        load_rules(folder)
    error = caught.value
    assert (error.field, error.line) == (field, line) and error.file.endswith("near_miss.toml") and error.allowed
    assert all(word in str(error) for word in (error.file, field, error.allowed))


def test_two_files_with_one_id_are_refused(folder: Path) -> None:
    shutil.copy(folder / "near_miss.toml", folder / "second.toml")
    with pytest.raises(RuleError, match=r"second\.toml: id: 'near_miss' is also the id of near_miss\.toml"):
        load_rules(folder)


def test_a_folder_without_rules_or_no_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RuleError, match=str(path)):
            load_rules(path)
    (tmp_path / "latin.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(RuleError, match="no UTF-8"):
        load_rules(tmp_path)


def test_what_only_shows_together_is_checked(tmp_path: Path) -> None:
    for id, old, new, field in [
        ("inactivity", "limit_s = 43200.0", "", "thresholds"),
        ("welfare_contact_overdue", '["moderate", "serious"]', '["serious"]', "match.severities"),
        ("reported", '"road.detection.tamper",\n', "", "match.severities"),
        ("speeding_with_child", 'hold = "speeding"', 'hold = "near_miss"', "match.hold"),
    ]:
        shutil.copy(BUILT_IN / f"{id}.toml", tmp_path)
        change(tmp_path, old, new, f"{id}.toml")
        with pytest.raises(RuleError) as caught:
            load_rules(tmp_path)
        assert caught.value.field == field
        (tmp_path / f"{id}.toml").unlink()


def test_a_rule_needs_only_its_head_when_the_defaults_are_meant(tmp_path: Path) -> None:
    words = {"id": "x", "title": "가", "title_en": "x", "pattern": "pair", "severity": "serious"}
    words |= {"why": "w", "source": "s"}
    head = "version = 3\n" + "".join(f'{field} = "{word}"\n' for field, word in words.items())
    (tmp_path / "x.toml").write_text(head)
    rule, on = read_rule(tmp_path / "x.toml")
    assert on and rule.thresholds == PINNED["near_miss"] and rule.version == 3


WRONG_UNITS = [
    ("illegal_parking", "stay_s = 300.0", "stay_ms = 300000", "thresholds.stay_ms"),
    ("illegal_parking", "stay_s = 300.0", "stay_s = 0", "thresholds.stay_s"),
    ("illegal_parking", "range_m = 10.0", "range_m = 10000", "thresholds.range_m"),
    ("harsh_braking", "change_mps2 = 4.5", "change_mps2 = 45", "thresholds.change_mps2"),
    ("harsh_braking", "window_s = 1.0", "window_s = 0", "thresholds.window_s"),
    ("harsh_braking", "window_s = 1.0", "window_s = 1000", "thresholds.window_s"),
    ("harsh_braking", "change_mps2 = 4.5", "", "thresholds.change_mps2"),
    ("harsh_braking", "most_mps2 = 12.0", "most_mps2 = 4.0", "thresholds.most_mps2"),
    ("loitering", '["07:30", "17:30"]', '["7.30", "17.30"]', "match.hours"),
    ("loitering", '["07:30", "17:30"]', '["07:30"]', "match.hours"),
    ("loitering", '"fri"]', '"friday"]', "match.days"),
    ("wrong_way", "angle_deg = 45.0", "angle_deg = 270", "thresholds.angle_deg"),
    ("crowd", "n = 50", "n = 50.5", "thresholds.n"),
]


@pytest.mark.parametrize(("id", "old", "new", "field"), WRONG_UNITS)
def test_a_window_of_zero_a_wrong_unit_and_an_unknown_word_are_refused(
    tmp_path: Path, id: str, old: str, new: str, field: str
) -> None:
    shutil.copy(BUILT_IN / f"{id}.toml", tmp_path)
    change(tmp_path, old, new, f"{id}.toml")
    with pytest.raises(RuleError) as caught:
        load_rules(tmp_path)
    assert caught.value.field == field and caught.value.allowed


def named() -> list[list[str]]:
    """The rows of docs/rules.md that say which rule sees what, each as its cells."""
    page = (BUILT_IN.parent.parent / "docs/rules.md").read_text()
    table = page.partition("## What the city named")[2].partition("\n## ")[0]
    rows = [line[2:-2].split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [row for row in rows if row[1].startswith("`")]


def test_every_rule_stands_in_the_table_of_what_the_city_named_and_every_story_of_it_is_there() -> None:
    stories = BUILT_IN.parent.parent / "tests/stories"
    told = {file.stem: tomllib.loads(file.read_text()) for file in stories.glob("*.toml")}
    rules: set[str] = set()
    for _, which, fires, quiet in named():
        rules |= {*re.findall(r"`(\w+)`", which)}
        assert {*re.findall(r"`(\w+)`", fires + quiet)} <= told.keys()
        assert not any(told[name].get("expect") for name in re.findall(r"`(\w+_quiet)`", quiet))
        assert all(told[name].get("expect", True) for name in re.findall(r"`(\w+)`", fires))
    assert rules == {rule.id for rule in load_rules().rules}
