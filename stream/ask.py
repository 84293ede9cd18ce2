"""What a person asks, with all that is needed to decide it; and the codes of every no.

Every refusal has a code (``refusal.<code>`` in the catalogues); ``detail`` holds what its sentence needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from stream.board import Board
from stream.kinds import draft
from stream.schema import Command, Draft, Incident, Place, Refusal, State
from stream.settings import Settings

OPEN = (State.new, State.acknowledged, State.in_progress, State.escalated, State.shelved)
CODE = re.compile(r"[a-z0-9_]{1,40}")
REFUSALS = (
    "not_found", "unknown_verb", "stale", "merged", "wrong_state", "already_reported", "bad_args", "p1_stays",
    "too_long_shelving", "report_moving", "revision_needed", "too_late", "not_reported", "cannot_merge", "cannot_split",
    "same_person", "unchanged", "unknown_subject", "bad_minutes", "no_window", "no_ticket", "no_handover", "not_yours",
    "unknown_rule", "unknown_threshold", "bad_threshold", "life_rule", "no_change", "already_proposed",
    "own_proposal",
)


PlaceOf = Callable[[str], Place | None]


def nowhere(_subject: str) -> Place | None:
    """Where no city is known."""
    return None


class Ask(msgspec.Struct, frozen=True):
    """A command on an incident, with what is needed to decide it; ``place_of`` says where a subject is."""

    board: Board
    incident: Incident
    command: Command
    now: int
    settings: Settings
    place_of: PlaceOf = nowhere

    def arg(self, name: str, default: Any = None) -> Any:
        """One argument of the command."""
        return self.command.args.get(name, default)

    def record(self, kind: str, body: msgspec.Struct, subject: str = "") -> Draft:
        """A draft of this person and this command."""
        cause = f"command:{self.command.id}"
        return draft(kind, subject or self.incident.id, self.now, body, self.command.by, cause)


Deed = Callable[[Ask], list[Draft] | Refusal]


class Verb(msgspec.Struct, frozen=True):
    """One row: the states it is allowed from, and what it does."""

    states: tuple[State, ...]
    deed: Deed


def code_of(value: object) -> str | None:
    """A reason code, None when it is no code."""
    return value if isinstance(value, str) and CODE.fullmatch(value) else None
