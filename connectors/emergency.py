"""What a report to 112 or 119 says, and the two forms it leaves in: CAP 1.2 (XML) and plain JSON.

A report is built from what the operator saw and confirmed; every word in it is handed in. The profile turns it into
bytes and back, so that a test can hold that nothing is lost or added on the way. CAP: OASIS *Common Alerting Protocol
Version 1.2* (2010); ``sent`` and ``onset`` have whole seconds and an offset, never ``Z`` (CAP 1.2, section 3.3.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal
from xml.etree import ElementTree as ET

import msgspec

from stream.clock import format_kst, parse_rfc3339
from stream.schema import US, HouseError

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
UNPLACED = "위치 미상"
NOTES = {"Exercise": "훈련입니다. 출동하지 마십시오. (exercise)", "Test": "시험입니다. 출동하지 마십시오. (test)"}
SEVERITY = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}
CATEGORY = {"road": "Transport", "care": "Health", "welfare": "Health", "school": "Safety", "sos": "Rescue"}
NAMED = ("key", "incident", "agency", "generation", "revision", "kind", "domain", "priority")
# What XML 1.0 cannot carry, and CR, which XML readers turn into a line feed.
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IDENT = re.compile(r"[^\s,&<]+")


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One report to one agency: ``key`` is its idempotency key, ``revision`` what the operator confirmed.

    ``at`` (when it began) and ``sent`` are µs; ``lon`` ``lat`` degrees, both None when the place is not known;
    ``radius_m`` how exact that is. ``sender`` names this console, ``contact`` is the telephone of its desk.
    """

    key: str
    incident: str
    agency: Literal["112", "119"]
    generation: int
    revision: int
    kind: str
    domain: str
    priority: int
    at: int
    sent: int
    event: str
    headline: str
    description: str
    sender: str
    sender_name: str
    contact: str
    status: Literal["Actual", "Exercise", "Test"]
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    radius_m: int = 0

    @property
    def identifier(self) -> str:
        """Name of the message: one a report, the same however often it is built."""
        return f"{self.incident}.{self.agency}.{self.generation}"


class Profile(msgspec.Struct, frozen=True):
    """One form of a report: its media type, how it is written, how it is read."""

    media: str
    write: Callable[[Report], bytes]
    read: Callable[[bytes], Report]


def tidy(report: Report) -> Report:
    """The report as every profile can carry it: whole seconds, 5 decimals, no control characters, a place in words.

    Raises HouseError when the sender or the incident has a sign that CAP forbids in names (blank, comma, & or <).
    """
    for name in (report.sender, report.identifier):
        if not _IDENT.fullmatch(name):
            raise HouseError(f"no name for CAP: {name!r}")
    lon, lat, radius_m = None, None, 0
    if report.lon is not None and report.lat is not None:
        lon, lat, radius_m = round(report.lon, 5), round(report.lat, 5), report.radius_m
    texts = {name: _UNFIT.sub("\ufffd", getattr(report, name).replace("\r\n", "\n").replace("\r", "\n"))
             for name in ("event", "headline", "description", "sender_name", "contact", "place", "kind", "domain")}
    return msgspec.structs.replace(
        report, **texts | {"place": texts["place"] or UNPLACED}, at=report.at - report.at % US,
        sent=report.sent - report.sent % US, lon=lon, lat=lat, radius_m=radius_m,
    )


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{CAP}}}{name}").text = text


def _pair(parent: ET.Element, name: str, key: str, value: str) -> None:
    element = ET.SubElement(parent, f"{{{CAP}}}{name}")
    _put(element, "valueName", key)
    _put(element, "value", value)


def _info(alert: ET.Element, r: Report) -> None:
    """What happened: the part that a person reads."""
    info = ET.SubElement(alert, f"{{{CAP}}}info")
    words = (
        ("language", "ko-KR"), ("category", CATEGORY.get(r.domain, "Safety")), ("event", r.event),
        ("urgency", "Immediate"), ("severity", SEVERITY.get(r.priority, "Unknown")), ("certainty", "Likely"),
    )
    for name, text in words:
        _put(info, name, text)
    _pair(info, "eventCode", "kind", r.kind)
    for name, text in (("onset", format_kst(r.at)), ("senderName", r.sender_name), ("headline", r.headline),
                       ("description", r.description), ("contact", r.contact)):
        _put(info, name, text)
    for name in NAMED:
        _pair(info, "parameter", name, str(getattr(r, name)))
    area = ET.SubElement(info, f"{{{CAP}}}area")
    _put(area, "areaDesc", r.place)
    if r.lon is not None and r.lat is not None:
        _put(area, "circle", f"{r.lat:.5f},{r.lon:.5f} {r.radius_m / 1000:.3f}")


def cap(report: Report) -> bytes:
    """The report as CAP 1.2. It is addressed (``Private``) to its agency; an exercise or a test says so in ``note``."""
    r = tidy(report)
    alert = ET.Element(f"{{{CAP}}}alert")
    for name, text in (("identifier", r.identifier), ("sender", r.sender), ("sent", format_kst(r.sent)),
                       ("status", r.status), ("msgType", "Alert"), ("scope", "Private"), ("addresses", r.agency)):
        _put(alert, name, text)
    if r.status in NOTES:
        _put(alert, "note", NOTES[r.status])
    _info(alert, r)
    ET.register_namespace("", CAP)
    return bytes(ET.tostring(alert, encoding="utf-8", xml_declaration=True))


def read_cap(raw: bytes) -> Report:
    """The report that ``cap`` wrote. Raises ValueError for XML that is none of ours."""
    try:
        alert = ET.fromstring(raw)
        text = {e.tag.split("}")[1]: e.text or "" for e in alert.iter() if len(e) == 0}
        pairs = {p[0].text: p[1].text or "" for p in alert.iter(f"{{{CAP}}}parameter")}
        point = re.fullmatch(r"(\S+),(\S+) (\S+)", text.get("circle", ""))
        lat, lon, km = map(float, point.groups()) if point else (None, None, 0.0)
        return Report(
            key=pairs["key"], incident=pairs["incident"], agency=pairs["agency"],  # type: ignore[arg-type]
            generation=int(pairs["generation"]), revision=int(pairs["revision"]), kind=pairs["kind"],
            domain=pairs["domain"], priority=int(pairs["priority"]), at=parse_rfc3339(text["onset"]),
            sent=parse_rfc3339(text["sent"]), event=text["event"], headline=text["headline"],
            description=text["description"], sender=text["sender"], sender_name=text["senderName"],
            contact=text["contact"], status=text["status"],  # type: ignore[arg-type]
            place=text["areaDesc"], lon=lon, lat=lat, radius_m=round(km * 1000),
        )
    except (ET.ParseError, KeyError, IndexError) as broken:
        raise ValueError(f"no report: {broken!r}") from broken


def to_json(report: Report) -> bytes:
    """The report as JSON: the fields of ``Report`` under their names, times as RFC 3339 in Korean time."""
    r = tidy(report)
    fields = msgspec.structs.asdict(r)
    return msgspec.json.encode(fields | {"at": format_kst(r.at), "sent": format_kst(r.sent)})


def read_json(raw: bytes) -> Report:
    """The report that ``to_json`` wrote. Raises ValueError for anything else, an unknown field included."""
    try:
        fields = msgspec.json.decode(raw, type=dict)
        times = {name: parse_rfc3339(fields[name]) for name in ("at", "sent")}
        return msgspec.convert(fields | times, Report)
    except (msgspec.DecodeError, KeyError, TypeError) as broken:
        raise ValueError(f"no report: {broken!r}") from broken


def prose_faults(raw: bytes) -> list[str]:
    """What the CAP schema lets pass but its prose (section 3.2) forbids: names of the broken rules; sound: none."""
    alert = ET.fromstring(raw)
    text = {e.tag.split("}")[1]: e.text or "" for e in alert.iter() if len(e) == 0}
    rules = {
        "identifier": bool(_IDENT.fullmatch(text.get("identifier", ""))),
        "sender": bool(_IDENT.fullmatch(text.get("sender", ""))),
        "restriction": text.get("scope") != "Restricted" or bool(text.get("restriction")),
        "addresses": text.get("scope") != "Private" or bool(text.get("addresses")),
        "note": text.get("status") not in NOTES or bool(text.get("note")),
        "sent": bool(re.fullmatch(r"\d{4}(-\d\d){2}T\d\d(:\d\d){2}[+-]\d\d:\d\d", text.get("sent", ""))),
        "circle": "circle" not in text or bool(re.fullmatch(r"-?\d+\.\d+,-?\d+\.\d+ \d+\.\d+", text["circle"])),
        "areaDesc": bool(text.get("areaDesc")),
    }
    return [name for name, kept in rules.items() if not kept]


PROFILES: dict[str, Profile] = {
    "cap": Profile("application/cap+xml", cap, read_cap),
    "json": Profile("application/json", to_json, read_json),
}
