"""Rules as arrays: windows in µs, words as bits, visits by kind."""

from cep.codes import CLASS, KIND
from cep.rules import RuleTable, load_rules
from cep.table import ARM, CANCEL, EVENT, RANGE, bits, compile_rules, us
from stream.schema import US, Severity

RULES = load_rules()
ARRAYS = compile_rules(RULES)


def visits(kind: str) -> list[tuple[str, int]]:
    first, last = ARRAYS.visit_at[KIND[kind]], ARRAYS.visit_at[KIND[kind] + 1]
    return [(RULES.rules[v["rule"]].id, int(v["does"])) for v in ARRAYS.visits[first:last]]


def test_each_kind_finds_the_rules_that_look_at_it() -> None:
    assert visits("care.alarm.fall") == [("fall_reported", EVENT), ("no_motion_after_fall", ARM)]
    assert set(visits("care.left_home")) == {
        ("away_long", ARM),
        ("inactivity", CANCEL),
        ("no_motion_after_fall", CANCEL),
        ("left_at_night", ARM),
        ("door_open_night", CANCEL),
        ("power_stopped", CANCEL),
        ("water_stopped", CANCEL),
    }
    assert visits("road.frame") == visits("care.reading.humidity") == visits("context.weather") == []
    assert visits("care.reading.heart_rate") == [("heart_rate_unusual", RANGE)]
    assert ARRAYS.visit_at[-1] == len(ARRAYS.visits)


def test_severity_goes_by_what_was_reported() -> None:
    found = {}
    for what in ("assault", "wrong_way", "jaywalking", "tamper"):
        n = ARRAYS.visit_at[KIND[f"road.detection.{what}"]]
        found[what] = Severity(ARRAYS.visits[n]["severity"]).name
    assert found == {"assault": "severe", "wrong_way": "serious", "jaywalking": "moderate", "tamper": "notice"}


def test_two_waits_of_one_rule_are_two_rows_shortest_first() -> None:
    rows = [w for w in ARRAYS.waits if RULES.rules[w["rule"]].id == "welfare_contact_overdue"]
    assert [int(w["wait"]) for w in rows] == [24 * 3600 * US, 48 * 3600 * US]
    assert [Severity(w["severity"]).name for w in rows] == ["moderate", "serious"]


def test_units_and_masks() -> None:
    assert us(0.1) == 100_000 and us(1.5) == 1_500_000
    assert bits(["vehicle", "truck"], CLASS) == 1 << CLASS["vehicle"] | 1 << CLASS["truck"]
    near = ARRAYS.pairs[0]
    assert (near["ttc"], near["gap"], near["frames"]) == (1_500_000, 3_000_000, 2)
    assert ARRAYS.memories[0]["hold"] == 0 and ARRAYS.memories[0]["range2"] == 225.0


def test_no_rules_at_all_are_arrays_too() -> None:
    empty = compile_rules(RuleTable([]))
    assert len(empty.visits) == len(empty.waits) == len(empty.pairs) == 0 and empty.visit_at[-1] == 0
