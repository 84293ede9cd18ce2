"""What is personal leaves the event before it is kept, and only the vault puts it back."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from geo import frame
from stream.columns import pack
from stream.sealing import CELL_LAT, CELL_LON, cell, judged, seal_event, unsealed_text, whole
from stream.vault import Vault
from tests.stream import makers


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")
    yield opened
    opened.close()


def test_a_case_leaves_its_text_and_attachments_in_the_vault(vault: Vault) -> None:
    sent = makers.case("1")
    sent = replace(sent, data=replace(sent.data, attachments=["https://x/1.jpg"]))
    sealed = seal_event(vault, sent)
    assert (sealed.data.text, sealed.data.attachments) == (None, None)
    assert sealed.ref is not None
    assert vault.open(sealed.ref) == "쌀이 없어요"
    assert "쌀".encode() not in pack([sealed])
    assert replace(whole(vault, sealed), ref=None) == sent


def test_the_rules_see_the_text_the_same_live_and_in_a_rerun(vault: Vault) -> None:
    sent = makers.case("1")
    sealed = seal_event(vault, sent)
    assert unsealed_text(sent, sealed) == judged(vault, sealed)
    assert judged(vault, sealed).data.text == "쌀이 없어요"
    call = seal_event(vault, makers.sos("2"))
    assert unsealed_text(makers.sos("2"), call) == judged(vault, call) == call


def test_a_caller_stays_as_a_cell_of_100_m(vault: Vault) -> None:
    sent = makers.sos("1")
    sealed = seal_event(vault, sent)
    assert (sealed.data.lon, sealed.data.lat) == cell(sent.data.lon, sent.data.lat)
    assert sealed.data.accuracy_m is None
    assert replace(whole(vault, sealed), ref=None) == sent


def test_what_has_nothing_personal_stays_as_it_is(vault: Vault) -> None:
    for event in (makers.frame("1"), makers.smoke("2"), makers.case("3", text=None)):
        assert seal_event(vault, event) is event
        assert whole(vault, event) is event


def test_sealed_twice_is_sealed_once(vault: Vault) -> None:
    sealed = seal_event(vault, makers.case("1"))
    assert seal_event(vault, sealed) is sealed


def test_after_erasing_the_event_stays_sealed(vault: Vault) -> None:
    sealed, call = seal_event(vault, makers.case("1")), seal_event(vault, makers.sos("2"))
    vault.erase("h-9")
    vault.erase("u-1")
    assert whole(vault, sealed) == judged(vault, sealed) == sealed
    assert whole(vault, call) == call


@given(st.floats(124, 132), st.floats(33, 39))
def test_a_cell_holds_its_point_and_is_its_own_cell(lon: float, lat: float) -> None:
    x, y = cell(lon, lat)
    assert abs(x - lon) <= CELL_LON / 2 + 1e-5
    assert abs(y - lat) <= CELL_LAT / 2 + 1e-5
    assert cell(x, y) == (x, y)


def test_a_callers_cell_is_the_citys_cell() -> None:
    dice = Random(3)
    for _ in range(500):
        lon, lat = dice.uniform(126.9, 127.2), dice.uniform(37.0, 37.3)
        assert cell(lon, lat) == frame.cell(lon, lat) == cell(*cell(lon, lat))
