"""The patterns that a rule file may name: which thresholds and which [match] entries each one takes.

A pattern is a kernel; a rule is a row of numbers for it. The defaults are CONTRACT section 6. Names end in their unit
(``_s`` ``_h`` ``_kph`` ``_mps`` ``_m``); a duration of zero is no window and is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from cep.codes import DERIVED, KINDS, PEDESTRIAN_SIGNALS, PERSONS, SIGNS, VEHICLES
from cep.fields import (
    LONGEST_S,
    REQUIRED,
    SEVERITIES,
    Field,
    by_kind,
    clock_span,
    hours,
    number,
    parts,
    seconds,
    text,
    whole,
    word,
    words,
)

__all__ = ["LONGEST_S", "PATTERNS", "REQUIRED", "SEVERITIES", "Field", "Pattern", "text", "whole", "word", "words"]


class Pattern(NamedTuple):
    """What a rule of this pattern may say, and what the pattern means."""

    thresholds: dict[str, Field]
    match: dict[str, Field]
    help: str


MODES = ("last", "each", "first")
SENT = tuple(kind for kind in KINDS if kind not in DERIVED)  # kinds of events themselves
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = ("subject", "case", "source")

PATTERNS: dict[str, Pattern] = {
    "event": Pattern(
        {
            "conf_min": number(most=1, default=0.0),
            "value_min": number(least=-1e9, default=None),
            "value_max": number(least=-1e9, default=None),
        },
        {"kinds": words(KINDS), "severities": by_kind()},
        "an event of these kinds, at once; conf below conf_min makes it a notice",
    ),
    "score": Pattern(
        {"risk_min": number(above=0, default=80.0), "weight_min": number(above=0, default=1.0)},
        {"word_severity": word(SEVERITIES, "severe")},
        "a welfare case with enough risk, enough weight of signals, or a word of urgent need",
    ),
    "pair": Pattern(
        {
            "ttc_s": number(above=0, most=60, default=1.5),
            "severe_ttc_s": number(above=0, most=60, default=1.0),
            "min_speed_mps": number(most=100, default=1.5),
            "frames": whole(1, 1000, default=2),
            "gap_s": number(above=0, most=3600, default=3.0),
        },
        {"vehicles": words(VEHICLES, list(VEHICLES)), "persons": words(PERSONS, list(PERSONS))},
        "a vehicle and a person of one frame on the way to touch within ttc_s, for some frames in a row",
    ),
    "hold": Pattern(
        {
            "margin_kph": number(most=300, default=5.0),
            "hold_s": seconds(0.5),
            "limit_share": number(above=0, most=1, default=1.0),
        },
        {"vehicles": words(VEHICLES, list(VEHICLES))},
        "a vehicle above that share of the limit of its site in every frame for hold_s",
    ),
    "pair_memory": Pattern(
        {"range_m": number(above=0, most=1000, default=15.0), "look_back_s": number(above=0, most=60, default=2.0)},
        {
            "hold": text("speeding"),
            "vehicles": words(VEHICLES, list(VEHICLES)),
            "persons": words(PERSONS, ["child", "pedestrian"]),
            "grave": words(PERSONS, ["child"], least=0),
        },
        "a vehicle for which the rule ``hold`` fired, and a person near it, both within look_back_s",
    ),
    "crossing": Pattern(
        {},
        {
            "signals": words(PEDESTRIAN_SIGNALS, ["walk", "flashing"]),
            "signal_age_s": seconds(5.0),
            "vehicles": words(VEHICLES, list(VEHICLES)),
            "persons": words(PERSONS, list(PERSONS)),
        },
        "a vehicle crosses a stop line toward a crosswalk with a person on it while its pedestrian signal says go",
    ),
    "encroachment": Pattern(
        {
            "pet_s": number(above=0, most=10, default=1.5),
            "danger_s": number(above=0, most=60, default=1.0),
            "warning_s": number(above=0, most=60, default=1.5),
            "min_speed_mps": number(above=0, most=100, default=0.5),
            "cell_m": number(least=0.25, most=5, default=1.0),
        },
        {"vehicles": words(VEHICLES, list(VEHICLES)), "persons": words(PERSONS, list(PERSONS))},
        "a person and a vehicle on the same square of a crosswalk, the second at most pet_s after the first",
    ),
    "absence": Pattern(
        {name: seconds(None) for name in ("limit_s", "quiet_s", "away_s", "wait_s")}
        | {name: hours(None) for name in ("first_h", "second_h", "wait_h")},
        {
            "arm": words(KINDS),
            "cancel": words(KINDS, [], least=0),
            "by": word(KEYS, "subject"),
            "mode": word(MODES, "last"),
            "severities": words(SEVERITIES, None),
        },
        "after an ``arm`` no ``cancel`` for so long; mode last: a new arm starts anew, each: every arm counts, "
        "first: only the first one of its key",
    ),
    "range": Pattern(
        {
            "value_min": number(least=-1e9, default=None),
            "value_max": number(least=-1e9, default=None),
            "in_row": whole(1, 100, default=3),
            "readings": whole(1, 1_000_000, default=100),
            "learn_h": hours(72.0),
            "times": number(above=0, most=100, default=5.0),
            "margin": number(above=0, default=20.0),
        },
        {"kinds": words([f"care.reading.{name}" for name in ("heart_rate", "temperature", "humidity")])},
        "some readings in a row beyond fixed limits, or beyond the range this sensor usually says",
    ),
    "rhythm": Pattern(
        {
            "learn_days": whole(7, 30, default=14),
            "least_h": hours(4.0),
            "most_h": number(above=0, most=24, default=12.0),
            "own_times": number(least=1, most=10, default=1.25),
            "any_times": number(most=10, default=1.0),
            "margin_h": number(most=24, default=1.0),
        },
        {"of": word(SIGNS, "activity")},
        "a silence longer than this home has at this hour of the week, learned from its own last weeks",
    ),
    "silence": Pattern(
        {"period_s": seconds(30.0)},
        {"periods": whole(1, 1000, default=3)},
        "nothing from a source for some times the period at which the city file expects it",
    ),
    "series": Pattern(
        {"attempts": whole(1, 1000, default=3), "within_h": hours(24.0)},
        {
            "missed": words(KINDS, ["care.call.no_answer"]),
            "answered": words(KINDS, ["care.call.answered"]),
            "at_once": words(KINDS, ["care.call.distress"], least=0),
        },
        "a missed attempt of number ``attempts`` or more with no answer in between, or an ``at_once``",
    ),
    "sequence": Pattern(
        {
            "within_s": seconds(2.0),
            "first_min": number(least=-1e9, default=None),
            "then_min": number(least=-1e9, default=None),
        },
        {"first": words(SENT), "then": words(SENT), "by": word(KEYS, "subject")},
        "a ``then`` event of the same key within within_s of a ``first`` one, which is used up by it",
    ),
    "count": Pattern(
        {
            "n": whole(2, 1000, default=5),
            "window_s": seconds(60.0),
            "cool_down_s": number(most=LONGEST_S, default=0.0),
            "value_min": number(least=-1e9, default=None),
        },
        {"kinds": words(SENT), "by": word(KEYS, "subject")},
        "n of these events of the same key within window_s; then nothing for cool_down_s",
    ),
    "bus_late": Pattern(
        {"late_s": seconds(300.0), "again_s": seconds(1800.0)},
        {},
        "a bus that comes late_s later to a stop than it first announced",
    ),
    "bus_harsh": Pattern(
        {
            "rise_kphps": number(above=0, most=100, default=6.0),
            "fall_kphps": number(above=0, most=100, default=9.0),
            "over_kph": number(most=300, default=10.0),
            "limit_kph": number(above=0, most=300, default=50.0),
            "gap_s": seconds(5.0),
            "again_s": seconds(300.0),
        },
        {},
        "a bus that gains or loses speed too fast between two positions, or is too fast in both",
    ),
    "sight": Pattern(
        {
            "window_s": seconds(600.0),
            "frames": whole(1, 1_000_000, default=100),
            "alive_s": seconds(30.0),
            "range_m": number(above=0, most=1000, default=15.0),
        },
        {},
        "a sensor that speaks and sees nothing while another one of its site sees things near for window_s",
    ),
    "chatter": Pattern(
        {"n": whole(2, 1000, default=3), "window_s": seconds(60.0)},
        {},
        "the same rule and subject n times within window_s",
    ),
    "composite": Pattern(
        {"window_s": seconds(), "points": whole(0, 20)},
        {"parts": parts(), "priority": word(("P1", "P2", "P3", "P4"), "P4")},
        "all parts (rows of one name are alternatives) in one incident within window_s: points and at least that "
        "priority for it, never an incident of its own",
    ),
    # the street rules (cep/street.py): one track in the areas of its site
    "astray": Pattern(
        {"hold_s": seconds(1.0), "gap_s": number(above=0, most=30, default=1.0), "kerb_m": number(most=20, default=0.7),
         "margin_m": number(most=50, default=2.0), "range_m": number(above=0, most=200, default=30.0),
         "min_speed_mps": number(above=0, most=100, default=2.0), "again_s": seconds(60.0)},
        {"persons": words(PERSONS, ["pedestrian", "child"]), "vehicles": words(VEHICLES, list(VEHICLES)),
         "grave": words(PERSONS, ["child"], least=0), "grave_severity": word(SEVERITIES, "moderate")},
        "a person in the carriageway outside the crosswalk for hold_s while a vehicle moves within range_m; "
        "one a site in again_s, unless a graver one comes",
    ),
    "dwell": Pattern(
        {"stay_s": seconds(600.0), "radius_m": number(above=0, most=200, default=10.0)},
        {"persons": words(PERSONS, ["pedestrian"]), "near": word(("school", "any"), "school"), "hours": clock_span(),
         "days": words(WEEKDAYS, list(WEEKDAYS))},
        "one person's track stays within radius_m for stay_s, in these hours, at a site of a school zone",
    ),
    "parked": Pattern(
        {"stay_s": seconds(300.0), "range_m": number(above=0, most=100, default=10.0),
         "radius_m": number(above=0, most=20, default=2.0), "still_mps": number(above=0, most=10, default=0.6),
         "kerb_m": number(most=20, default=1.5), "gap_s": seconds(600.0)},
        {"vehicles": words(VEHICLES, list(VEHICLES))},
        "a vehicle stands on one spot within range_m of the crosswalk for stay_s; once until it leaves",
    ),
    "jolt": Pattern(
        {"change_mps2": number(above=0, most=20), "most_mps2": number(above=0, most=100, default=12.0),
         "window_s": number(above=0, most=10, default=1.0), "min_speed_mps": number(above=0, most=100, default=2.8),
         "slip_m": number(above=0, most=50, default=2.0), "gap_s": seconds(5.0)},
        {"change": word(("slower", "faster")), "vehicles": words(VEHICLES, list(VEHICLES))},
        "the mean speed of a vehicle changes by change_mps2 over window_s, and its way agrees with it",
    ),
    "against": Pattern(
        {"run_m": number(above=0, most=1000, default=20.0), "min_speed_mps": number(above=0, most=100, default=2.0),
         "angle_deg": number(above=0, most=90, default=45.0)},
        {"vehicles": words(VEHICLES, list(VEHICLES))},
        "a vehicle drives run_m against the bearing of the lane it is in; off where the city file draws no lanes",
    ),
    "throng": Pattern(
        {"n": whole(2, 512, default=50), "hold_s": seconds(10.0), "range_m": number(most=100, default=3.0),
         "gap_s": seconds(60.0)},
        {"persons": words(PERSONS, ["pedestrian", "child"])},
        "n people for hold_s where the city file says that people wait, else on the crosswalk and range_m around it",
    ),
}  # fmt: skip
