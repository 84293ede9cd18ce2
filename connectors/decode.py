"""From bytes to events of the contract, or to quarantine with a reason. Pure, and it never raises.

A payload is one CloudEvent or a JSON array of them; each element is judged alone, so a bad one stops none of its
neighbours. Of a key that occurs twice in one object the last counts (as in Python's own JSON). A number is a number: no
boolean or text stands for it, an integer does for a float. ``1`` and ``"1"`` are two different track ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw

from connectors.pieces import pieces
from stream.clock import parse_rfc3339
from stream.schema import DATA, US, Delivery, Event, Quarantined, SourceError

MAX_BYTES = 256 * 1024  # CONTRACT 1, one event
CLOCK_US = 120 * US  # CONTRACT 1: a time further than this from the console's clock is marked
AHEAD_US = 86_400 * US  # telemetry and readings dated further ahead are refused
Y2000 = 946_684_800 * US
YEAR_1, YEAR_9000 = -62_135_500_000 * US, 221_845_392_000 * US  # an alarm dated beyond is one still, dated there
MAX_TEXT = {"id": 512, "source": 128, "subject": 256}  # characters; what an index of every store can hold
SUSPECT = "clock_suspect"
ROOTS = ("/device/", "/system/")  # CONTRACT 1; both are as long
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Every reason a message can be refused for; words for them are ``quarantine.<reason>`` in the catalogue.
REASONS = (
    "empty", "wrong_encoding", "no_json", "too_deep", "too_big", "not_finite", "missing_field", "wrong_type",
    "unknown_type", "bad_text", "far_away", "wrong_time", "wrong_source",
)  # fmt: skip

Far = Callable[[float, float], bool]


class Envelope(msgspec.Struct):
    """CloudEvents 1.0 attributes that the console uses; ``data`` stays bytes until the type is known."""

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1)]
    source: str
    type: str
    time: Annotated[datetime, Meta(tz=True)]
    data: Raw
    subject: str = ""
    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


class Stamped(Envelope):
    """The same with a time that only our own reader understands (a leap second)."""

    time: str  # type: ignore[assignment]


class Glance(msgspec.Struct):
    """As much of a refused message as can be read, for its quarantine entry and for its ack."""

    id: Any = None
    source: Any = None
    seq: Any = None


_batch = msgspec.json.Decoder(list[Raw])
_envelope = msgspec.json.Decoder(Envelope)
_stamped = msgspec.json.Decoder(Stamped)
_glance = msgspec.json.Decoder(Glance)
_names = {
    struct: [field for field in ("site", "household", "case", "user") if field in struct.__struct_fields__]
    for struct, _ in DATA.values()
}
_data = {name: (msgspec.json.Decoder(struct), delivery) for name, (struct, delivery) in DATA.items()}


def decode(
    payload: bytes, arrival: int, topic_source: str | None = None, check_clock: bool = True, far: Far | None = None
) -> tuple[list[Event], list[Quarantined]]:
    """Events of one message and what of it is put aside.

    ``arrival`` is µs; ``topic_source`` the part of an MQTT topic that every event's source must end with;
    ``far(lon, lat)`` says that a point is more than 20 km outside of the city. With ``check_clock`` false (``rerun``)
    each event is judged at its own time, which counts as its arrival too.
    """
    try:
        raws = _split(payload)
    except SourceError as error:
        return [], [_aside(payload, error, arrival, topic_source, 0)]
    events, aside = [], []
    for index, raw in enumerate(raws):
        try:
            events.append(_one(raw, arrival, topic_source, check_clock, far))
        except SourceError as error:
            aside.append(_aside(bytes(raw), error, arrival, topic_source, index))
    return events, aside


def _split(payload: bytes) -> list[Any]:
    """The events' bytes: the elements of an array, else the payload itself."""
    start = payload[:64].lstrip()[:1] or payload.lstrip()[:1]
    if not start:
        raise SourceError("empty")
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        raise SourceError("wrong_encoding", f"no UTF-8 at byte {error.start}") from None
    return _elements(payload) if start == b"[" else [payload]


def _elements(payload: bytes) -> list[Any]:
    """The elements of an array; one that is too deep or holds NaN spoils none of its neighbours."""
    try:
        return _read(_batch, payload)
    except SourceError as error:
        found = pieces(payload) if error.code in ("not_finite", "too_deep") else []
        if len(found) < 2:  # nobody to be spoilt: put aside as it came
            raise
        return found


def _read(decoder: msgspec.json.Decoder[Any], raw: Any) -> Any:
    """Decode, or SourceError with the reason."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise SourceError(_why(str(error)), str(error)) from None
    except msgspec.DecodeError as error:
        number = any(word in bytes(raw) for word in (b"NaN", b"Infinity"))
        raise SourceError("not_finite" if number else "no_json", str(error)) from None
    except RecursionError:
        raise SourceError("too_deep", "arrays or objects inside each other without end") from None


def _why(text: str) -> str:
    """Reason for a field that does not fit, from msgspec's words."""
    if "missing required field" in text:
        return "missing_field"
    if "out of range" in text:
        return "not_finite"
    if (">=" in text or "<=" in text) and text.endswith((".x`", ".y`", ".lon`", ".lat`")):
        return "far_away"
    return "wrong_type"


def _one(raw: Any, arrival: int, topic_source: str | None, check_clock: bool, far: Far | None) -> Event:
    size = len(raw) if isinstance(raw, bytes) else memoryview(raw).nbytes
    if size > MAX_BYTES:
        raise SourceError("too_big", f"{size} bytes, {MAX_BYTES} allowed")
    head, time = _head(raw)
    source = head.source
    if not source.startswith(ROOTS) or len(source) < 9:
        raise SourceError("wrong_source", f"{source[:80]!r} is neither /device/<id> nor /system/<name>")
    if topic_source is not None and source[8:] != topic_source:
        raise SourceError("wrong_source", f"{source[:80]!r} came on the topic of {topic_source!r}")
    if head.type not in _data:
        raise SourceError("unknown_type", head.type[:80])
    decoder, delivery = _data[head.type]
    data = _read(decoder, head.data)
    named = subject_of(data)
    subject = head.subject or named or source
    if len(head.id) > 64 or len(source) > 64 or len(subject) > 64 or len(named) > 64:
        _check_length(id=head.id, source=source, subject=max(subject, named, key=len))
    if b"\\u0000" in (raw if type(raw) is bytes else bytes(raw)):
        raise SourceError("bad_text", "a zero character")
    if far is not None and head.type in ("city.sos", "city.bus.position") and far(data.lon, data.lat):
        raise SourceError("far_away", "more than 20 km outside of the city")
    at, marks, arrival = _judged(delivery, time, arrival, check_clock)
    return Event(head.id, source, head.type, time, subject, data, head.seq, arrival, at, marks)


def subject_of(data: Any) -> str:
    """Site, household, case or user that the data names (CONTRACT 6), else an empty text."""
    for field in _names[type(data)]:
        if name := getattr(data, field):
            return str(name)
    return ""


def _head(raw: Any) -> tuple[Envelope, int]:
    """The attributes and the time in µs."""
    try:
        head = _envelope.decode(raw)
    except Exception:
        late = _read(_stamped, raw)  # says what is wrong, unless it is the time alone
        return late, parse_time(late.time)
    past = head.time - EPOCH
    time = (past.days * 86400 + past.seconds) * US + past.microseconds
    return head, min(max(time, YEAR_1), YEAR_9000)


def parse_time(text: Any) -> int:
    """µs of an RFC 3339 text; SourceError ``wrong_type`` when it is none."""
    try:
        return parse_rfc3339(text)
    except (SourceError, IndexError):
        raise SourceError("wrong_type", f"time {text[:40]!r} is no RFC 3339 time with an offset") from None


def _check_length(**texts: str) -> None:
    """An over-long key would poison a store's index for good."""
    for name, text in texts.items():
        if len(text) > MAX_TEXT[name]:
            raise SourceError("bad_text", f"{name} of {len(text)} characters, {MAX_TEXT[name]} allowed")


def _judged(delivery: Delivery, time: int, arrival: int, check_clock: bool) -> tuple[int, tuple[str, ...], int]:
    """The moment the event counts for, its marks, and its arrival (CONTRACT 1, wrong clocks)."""
    if delivery is not Delivery.alarm and time < Y2000:
        raise SourceError("wrong_time", "dated before 2000")
    if not check_clock:
        return time, (), time
    if delivery is not Delivery.alarm and time > arrival + AHEAD_US:
        raise SourceError("wrong_time", "dated more than a day ahead")
    if abs(time - arrival) <= CLOCK_US:
        return time, (), arrival
    return (time if delivery is Delivery.reading else arrival), (SUSPECT,), arrival


def _aside(raw: bytes, error: SourceError, arrival: int, topic_source: str | None, index: int) -> Quarantined:
    seen = _glanced(raw)
    source = seen.source if isinstance(seen.source, str) and seen.source else (topic_source or "")
    id_ = seen.id if isinstance(seen.id, str) and seen.id else None
    seq = seen.seq if type(seen.seq) is int and 0 <= seen.seq < 2**63 else None
    return Quarantined(raw, error.code, error.detail[:500], source[: MAX_TEXT["source"]], arrival, id_, seq, index)


def _glanced(raw: bytes) -> Glance:
    """What can be read of it; Python's own reader takes the NaN for which ours refused it."""
    for read in (_glance.decode, lambda raw: msgspec.convert(json.loads(raw), Glance)):
        try:
            return read(raw)
        except Exception:  # what cannot be read has no identity; its bytes are kept all the same
            continue
    return Glance()
