"""Chattering, fleeting, stale, flood: the words of alarm discipline by definition, as functions of times (µs).

Definitions as ISA-18.2 and EEMUA 191 are quoted (design notes, ANCHORS 4): chattering is the same alarm three times
in a minute; fleeting one that is over before anybody had a reason to act, without repeating; stale one that stands
for more than 24 hours; a flood begins with the ten minutes in which an operator gets more than ten annunciations and
is over with the first ten minutes of fewer than five. Ten minutes are those of the clock (09:00, 09:10, ...), an
operator's part is the room's annunciations divided by its positions.
"""

from __future__ import annotations

from collections.abc import Sequence

from stream.schema import US

SLOT_US = 600 * US
CHATTER_N, CHATTER_US = 3, 60 * US
FLEETING_US = 60 * US  # ours: the standards say "short"; signs of one minute at most
STALE_US = 24 * 3600 * US
FLOOD_START, FLOOD_END = 10, 5  # annunciations per operator: more than / fewer than, in ten minutes


def chattering(times: Sequence[int], n: int = CHATTER_N, window_us: int = CHATTER_US) -> list[int]:
    """Moments at which a chatter begins: the n-th within the window; it goes on while the last n stay within it.

    >>> chattering([0, 20_000_000, 40_000_000, 60_000_000, 300_000_000])
    [40000000]
    """
    ranked, found, going = sorted(times), [], False
    for i, at in enumerate(ranked):
        full = i + 1 >= n and at - ranked[i + 1 - n] <= window_us
        if full and not going:
            found.append(at)
        going = full
    return found


def fleeting(first: int, last: int, worked: bool, disposition: str) -> bool:
    """Was an ended alarm fleeting? ``first`` and ``last`` are its first and last sign, ``worked`` whether anybody did
    more than look at it before its end. What a person called real was none, however short.

    >>> fleeting(0, 60_000_000, False, "false_alarm"), fleeting(0, 60_000_000, False, "confirmed")
    (True, False)
    """
    return last - first <= FLEETING_US and not worked and disposition != "confirmed"


def stale(since: int, now: int) -> bool:
    """Does an alarm that stands since ``since`` stand for more than 24 hours?

    >>> stale(0, STALE_US), stale(0, STALE_US + 1)
    (False, True)
    """
    return now - since > STALE_US


def slots(times: Sequence[int], frm: int, to: int) -> list[int]:
    """Annunciations in each ten minutes of the clock that ``frm`` <= time < ``to`` touches; never empty.

    >>> slots([0, 599_999_999, 600_000_000], 0, 900_000_000)
    [2, 1]
    """
    base = frm // SLOT_US
    counts = [0] * max(1, -(-to // SLOT_US) - base)
    for at in times:
        if frm <= at < to:
            counts[at // SLOT_US - base] += 1
    return counts


def flood(counts: Sequence[int], positions: int = 1) -> list[bool]:
    """For each ten minutes, whether the room is in a flood: begins above 10 an operator, ends below 5.

    >>> flood([10, 11, 5, 4, 10])
    [False, True, True, False, False]
    """
    states, going = [], False
    for n in counts:
        going = n >= FLOOD_END * positions if going else n > FLOOD_START * positions
        states.append(going)
    return states


def worst(times: Sequence[int], frm: int, to: int) -> int:
    """The most annunciations in any ten minutes, wherever they begin.

    >>> worst([0, 300_000_000, 600_000_000, 899_999_999], 0, 900_000_000)
    3
    """
    ranked = sorted(at for at in times if frm <= at < to)
    most = first = 0
    for i, at in enumerate(ranked):
        while at - ranked[first] >= SLOT_US:
            first += 1
        most = max(most, i + 1 - first)
    return most
