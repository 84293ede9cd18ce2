"""What became of an incident at an agency: its reports and the messages with it. Imported from ``stream.schema``."""

from __future__ import annotations

import msgspec


class Escalation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One report to one agency, folded from the ``escalation.*`` records. ``key`` is its idempotency key; ``hand``: its
    liaison has answered at the screen.
    """

    agency: str
    generation: int
    key: str
    state: str
    requested_at: int
    by: str
    send_at: int = 0
    sent_at: int = 0
    delivered_at: int = 0
    answered_at: int = 0
    updated_at: int = 0
    receipt: str = ""
    reason: str = ""
    unit: str = ""
    eta_s: float | None = None
    exercise: bool = False
    hand: bool = False


class Talk(msgspec.Struct, frozen=True, omit_defaults=True):
    """Messages with one agency: how many each room sent and has read.

    ``waits``: the agency's messages without an answer of the control room; ``asked``: what it asked for by a code.
    """

    agency: str
    room: int = 0
    desk: int = 0
    room_read: int = 0
    desk_read: int = 0
    asked: str = ""
    at: int = 0
    waits: int = 0
