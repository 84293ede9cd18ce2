"""What no rule asks for is not looked at."""

from cep.codes import KIND, life_modes
from cep.follow import compile_follow
from cep.looks import compile_looks, modes_asked
from cep.rules import RuleTable, load_rules
from cep.table import compile_rules

ALL = load_rules()


def only(*patterns: str) -> RuleTable:
    return RuleTable([rule for rule in ALL.rules if rule.pattern in patterns])


def test_without_a_rule_only_the_road_is_looked_at() -> None:
    none = RuleTable([])
    looks = compile_looks(compile_rules(none), compile_follow(none))
    assert not looks["care"].any() and not looks["follow"].any() and not looks["source"].any()
    assert [name for name, code in KIND.items() if looks[code]["road"]] == ["road.frame", "road.signal"]


def test_all_rules_ask_for_every_sign_of_life_and_for_every_expected_source() -> None:
    arrays = compile_rules(ALL)
    looks = compile_looks(arrays, compile_follow(ALL))
    assert (modes_asked(arrays) == life_modes()).all() and looks["source"].all()
    assert looks[KIND["care.reading.pir"]]["care"] and looks[KIND["device.status.offline"]]["care"]


def test_whether_a_device_is_down_matters_to_a_rhythm_alone() -> None:
    absence, event = compile_rules(only("absence")), compile_rules(only("event"))
    assert modes_asked(absence)[KIND["care.reading.pir"]] and not modes_asked(absence)[KIND["device.status.offline"]]
    assert not modes_asked(event).any()
    assert modes_asked(compile_rules(only("rhythm")))[KIND["device.status.offline"]]
