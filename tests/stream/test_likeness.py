"""Fingerprints: the same text is known again, another is not, and without the key nothing is said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream.likeness import COLUMNS, LEAST, alike, fingerprint

LETTER = "관리비를 석 달째 내지 못하고 있고 다음 주에 전기가 끊긴다고 합니다. 아이가 둘 있습니다. 도와주세요."
OTHERS = [
    "옆집 어르신이 요즘 통 안 보이시는데 우편물이 쌓여 있어 걱정됩니다. 한번 들러 봐 주세요.",
    "최근 일주일 사이 세 번 결석했고 준비물을 챙겨 오지 못합니다. 가정 방문을 요청합니다.",
    "관리비를 두 달째 내지 못했습니다. 긴급지원을 신청할 수 있는지 문의드립니다.",
]


def test_spaces_marks_and_a_word_more_make_no_other_text():
    one = fingerprint(LETTER)
    assert len(one) == 2 * COLUMNS
    assert fingerprint(LETTER.replace(" ", "").replace(".", "!!")) == one
    assert alike(one, fingerprint(LETTER + " 꼭요"))


def test_other_letters_are_other_letters():
    prints = [fingerprint(text) for text in (LETTER, *OTHERS)]
    assert not any(alike(a, b) for n, a in enumerate(prints) for b in prints[:n])


def test_a_short_cry_is_nobodys_in_particular():
    assert fingerprint("살려 주세요") == fingerprint(None) == "" and not alike("", "")


def test_under_another_key_it_is_another_fingerprint():
    assert not alike(fingerprint(LETTER, b"one"), fingerprint(LETTER, b"two"))


@given(st.text(min_size=LEAST * 2, max_size=400), st.binary(max_size=64))
def test_the_same_text_is_always_alike(text, key):
    one = fingerprint(text, key)
    assert one == fingerprint(text, key) and (not one or alike(one, one))


def test_50_000_letters_cost_no_more_than_4000():
    assert fingerprint("가나다라마바사" * 7000) == fingerprint("가나다라마바사" * 3000)
