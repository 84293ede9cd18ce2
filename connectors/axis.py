"""Axis cameras with DataQ: what a finished path was found to be, and what the camera's own events say.

Positions of its other topics are thousandths of the picture, y down: no metres, so no frames. ``geospace`` has degrees
but neither a time nor a speed, so it makes none either. What an anomaly or an event *means* is a row in the devices
file, as with every camera. Colours, hats and faces of people are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot
from typing import Any

from connectors.native import Device, Edges, Format, Heard, event, read_object
from geo.frame import Located, to_metres
from stream.schema import FAR_M, SourceError


class Axis:
    """The translator of DataQ, each camera by its serial number. ``sites``: where the sites' origins are, by id."""

    def __init__(self, format: Format, sites: Mapping[str, Located]) -> None:
        base = format.topic or "dataq"
        self.base, self.devices, self.sites = base, format.devices, sites
        self.topics = (f"{base}/connect/+", f"{base}/path/+", f"{base}/event/#")
        self._edges = Edges()

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """Contract events of one message; nothing for a camera that the devices file doesn't name."""
        topic, _, rest = heard.topic.removeprefix(self.base + "/").partition("/")
        serial, _, path = rest.partition("/")
        device = self.devices.get(serial)
        if device is None or not heard.raw.strip() or topic not in ("connect", "path", "event"):
            return []
        body, source = read_object(heard.raw), f"axis/{serial}"
        if topic == "connect":
            return [_status(heard, source, body)]
        if topic == "event":
            return self._state(heard, source, device, body, path)
        return self._path(heard, source, device, body)

    def _state(
        self, heard: Heard, source: str, device: Device, body: dict[str, Any], path: str
    ) -> list[dict[str, Any]]:
        """An event of the camera's own, told when it begins."""
        what, active = device.rules.get(path, ""), body.get("active")
        begins = self._edges.rises(active if isinstance(active, bool) else None, source, path)
        said = {"site": device.of, "what": what}
        at = _ms(body.get("timestamp"))
        return [event(heard, source, "city.road.detection", said, at)] if what and begins else []

    def _path(self, heard: Heard, source: str, device: Device, body: dict[str, Any]) -> list[dict[str, Any]]:
        """A path that ended; its last point says when and, where the camera is calibrated, where."""
        what = device.rules.get(str(body.get("anomaly")), "") if body.get("anomaly") else ""
        if not what or heard.retained:
            return []
        if not isinstance(body.get("id"), str):
            raise SourceError("missing_field", "id")
        points = body.get("path")
        last = points[-1] if isinstance(points, list) and points and isinstance(points[-1], dict) else {}
        said: dict[str, Any] = {"site": device.of, "what": what, "object": body["id"]}
        if (conf := _number(body.get("confidence"))) is not None:
            said["conf"] = conf / 100
        seconds = _number(last.get("t"))
        at = _ms(body.get("timestamp") if seconds is None else seconds * 1000)
        said |= self._place(device, last)
        name = f"{body['id']} {body.get('timestamp')} {what}"
        return [event(heard, source, "city.road.detection", said, at, name=name)]

    def _place(self, device: Device, point: dict[str, Any]) -> dict[str, float]:
        """x and y in the site's metres, nothing when the camera doesn't know or it is not near the site."""
        site, lon, lat = self.sites.get(device.of), _number(point.get("lon")), _number(point.get("lat"))
        if site is None or lon is None or lat is None:
            return {}
        x, y = to_metres(site, lon, lat)
        return {"x": round(x, 3), "y": round(y, 3)} if hypot(x, y) <= FAR_M else {}


def _status(heard: Heard, source: str, body: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(body.get("connected"), bool):
        raise SourceError("missing_field", "connected")
    status = {"device": f"/device/{source}", "status": "online" if body["connected"] else "offline"}
    return event(heard, source, "city.device.status", status)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _ms(value: Any) -> int:
    """µs of milliseconds; 0 when they are none."""
    said = _number(value)
    return int(said * 1000) if said is not None and abs(said) < 1e15 else 0
