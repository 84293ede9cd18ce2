"""Facts about the house may carry more than they name, and are had from one address with the deeds."""

from __future__ import annotations

import msgspec

from stream import bodies, facts


def test_every_fact_is_had_from_the_bodies_too():
    here = {name for name, one in vars(facts).items() if isinstance(one, type) and issubclass(one, facts.Fact)}
    assert len(here) > 10 and all(getattr(bodies, name) is getattr(facts, name) for name in here)


def test_a_fact_of_a_later_version_with_one_more_field_still_reads():
    assert msgspec.convert({"n": 3, "since": 5}, facts.Shed) == facts.Shed(3)


def test_a_start_says_from_when_on_silence_counts():
    assert not facts.Run().expects and msgspec.convert({"expects": True}, facts.Run).expects
