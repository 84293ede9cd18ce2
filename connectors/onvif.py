"""ONVIF events over MQTT (``onvif-ej``): what happened stands in the topic, the body has only ids.

What a line or a field means is the name of its rule in the devices file. Tampering and lost pictures are the health of
the device. States that hold (a field that is occupied) are told when they begin. A time that cannot be is the camera's
fault, not the event's: the event counts for its arrival and is marked.
"""

from __future__ import annotations

from typing import Any

from connectors.native import Device, Edges, Format, Heard, event, read_object
from stream.clock import parse_rfc3339
from stream.schema import SourceError

MARK = "/onvif-ej/"
# Beginning of the topic -> (field of Data that holds or not, None: each message is one; what, "": by the rule's name)
TOPICS: tuple[tuple[str, str | None, str], ...] = (
    ("RuleEngine/LineDetector/Crossed", None, ""),
    ("RuleEngine/FieldDetector/ObjectsInside", "IsInside", ""),
    ("RuleEngine/LoiteringDetector/", None, "loitering"),
    ("RuleEngine/TamperDetector/Tamper", "IsTamper", "tamper"),
    ("VideoSource/GlobalSceneChange/", "State", "tamper"),
    ("VideoSource/ImageTooBlurry/", "State", "tamper"),
    ("VideoSource/ImageTooDark/", "State", "tamper"),
    ("VideoSource/ImageTooBright/", "State", "tamper"),
    ("VideoSource/SignalLoss", "State", "tamper"),
)
TRUE, FALSE = (True, "true", "True", "1", 1), (False, "false", "False", "0", 0)


class Onvif:
    """The translator of cameras, each by the prefix of its topics."""

    def __init__(self, format: Format) -> None:
        self.devices = format.devices
        self.topics = tuple(f"{prefix}{MARK}#" for prefix in format.devices)
        self._edges = Edges()

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """Contract events of one message; an empty one is a heartbeat."""
        prefix, _, path = heard.topic.partition(MARK)
        device = self.devices.get(prefix)
        if device is None or not heard.raw.strip():
            return []
        body = read_object(heard.raw)
        row = next((row for row in TOPICS if path.startswith(row[0])), None)
        if row is None:
            return []
        _, field, what = row
        data = _part(body, "Data")
        rule = str(_part(body, "Source").get("Rule") or path.rsplit("/", 1)[-1])
        what = what or device.rules.get(rule, "")
        if field is not None and not self._edges.rises(_holds(data.get(field)), heard.topic, rule):
            return []
        if heard.retained and field is None:
            return []  # what a broker has kept is no crossing of now
        return [self._event(heard, f"onvif/{prefix}", device, what, body, data)] if what else []

    @staticmethod
    def _event(heard: Heard, source: str, device: Device, what: str, body: dict[str, Any],
               data: dict[str, Any]) -> dict[str, Any]:
        at, suspect = 0, False
        try:
            at = parse_rfc3339(body["UtcTime"])
        except (SourceError, KeyError, TypeError, IndexError):
            suspect = True
        said: dict[str, Any] = {"site": device.of, "what": what}
        if isinstance(object_ := data.get("ObjectId"), int | str):
            said["object"] = object_
        return event(heard, source, "city.road.detection", said, at, suspect)


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object in the body; SourceError when something else stands there."""
    part = body.get(name, {})
    if not isinstance(part, dict):
        raise SourceError("wrong_type", name)
    return part


def _holds(value: Any) -> bool | None:
    """A boolean, which cameras also send as a text or a number."""
    if isinstance(value, dict | list):
        return None
    return True if value in TRUE else False if value in FALSE else None
