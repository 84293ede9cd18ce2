"""What the control room and an agency have said to each other, folded into counts; the texts lie in the vault."""

from __future__ import annotations

from msgspec.structs import replace

from stream.bodies import Heard, Said
from stream.schema import Incident, Record, Talk

ROOM, DESK = "room", "desk"  # the sides: our control room, the agency's liaison


def talk_of(incident: Incident, agency: str) -> Talk:
    """What was said with this agency so far."""
    return next((talk for talk in incident.talk if talk.agency == agency), Talk(agency))


def said(incident: Incident, record: Record, body: Said) -> Incident:
    """Fold: one message more; the control room's word answers what the agency asked."""
    talk = talk_of(incident, body.agency)
    if body.side == ROOM:
        now = replace(talk, room=talk.room + 1, at=record.at, asked="", waits=0)
    else:
        now = replace(talk, desk=talk.desk + 1, at=record.at, asked=body.more or talk.asked,
                      waits=talk.waits + 1)
    return _with(incident, now)


def heard(incident: Incident, record: Record, body: Heard) -> Incident:
    """Fold: the other side's messages are read up to a number; what came after a settled one still waits."""
    talk = talk_of(incident, body.agency)
    name = "room_read" if body.side == ROOM else "desk_read"
    now = replace(talk, **{name: max(body.n, getattr(talk, name))})
    if body.settled:
        waits = min(now.waits, max(0, now.desk - body.n))
        now = replace(now, waits=waits, asked=now.asked if waits else "")
    return _with(incident, now)


def _with(incident: Incident, talk: Talk) -> Incident:
    others = tuple(one for one in incident.talk if one.agency != talk.agency)
    return replace(incident, talk=tuple(sorted((*others, talk), key=lambda one: one.agency)))
