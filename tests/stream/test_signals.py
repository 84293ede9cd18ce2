"""The table of welfare signs: complete, named in two languages, honest about what is confirmed."""

from __future__ import annotations

import pytest

from connectors.simulate.welfare import SIGNS as SIMULATED
from stream.signals import CODE, SIGNS, STRANGE, TOLD, told, unknown


def test_the_national_system_has_47_signs_and_each_says_where_its_name_stands():
    national = {code: sign for code, sign in SIGNS.items() if sign.basis in ("national", "unconfirmed")}
    assert len(national) == 47
    assert all(sign.source for sign in national.values() if sign.basis == "national")
    assert {sign.basis for sign in SIGNS.values()} == {"national", "unconfirmed", "ours"}


@pytest.mark.parametrize("code", sorted(SIGNS))
def test_a_row_has_names_and_a_weight_below_urgent(code):
    sign = SIGNS[code]
    assert CODE.fullmatch(code) and sign.ko.strip() and sign.en.isascii() and 0 < sign.weight < 1


def test_school_and_chatbot_have_their_signs():
    assert {"school_absence", "learning_gap", "chatbot_hopeless"} <= SIGNS.keys()


def test_the_simulated_day_weighs_as_the_table_does():
    assert {code: SIGNS[code].weight for code in SIMULATED} == SIMULATED


def test_the_heaviest_come_first_each_once_and_what_is_no_code_is_not_told():
    many = [(f"s{n}", n / 10) for n in range(20)]
    assert told(many) == [f"s{n}" for n in range(19, 19 - TOLD, -1)]
    assert told([("a", 0.1), ("a", 0.9), ("b", 0.5), ("x" * 400, 0.2)]) == ["a", "b", STRANGE]
    assert unknown(["power_cut", "zzz"]) == ["zzz"]
