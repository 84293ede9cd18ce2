"""Frigate: objects and reviews of cameras. A zone and a label together mean something, as the devices file says.

One object is one detection of a kind, however many updates tell of it; a review groups objects, so what one of them has
told already it does not tell again. Times are the camera host's Unix seconds. Names, plates and descriptions that
Frigate may know are not read.
"""

from __future__ import annotations

from typing import Any

from connectors.native import Device, Edges, Format, Heard, event, read_object
from stream.schema import US, SourceError

KPH = {"kph": 1.0, "mph": 1.609344}
PARKED = "illegal_parking"  # only of an object that stands
TOLD = 20_000  # objects remembered


class Frigate:
    """The translator of one Frigate."""

    def __init__(self, format: Format) -> None:
        base = format.topic or "frigate"
        self.topics = (f"{base}/events", f"{base}/reviews")
        self.cameras = format.devices
        self.kph = KPH.get(format.speed_unit, 1.0)
        self._told = Edges(TOLD)

    def __call__(self, heard: Heard) -> list[dict[str, Any]]:
        """Contract events of one message; nothing for a camera that the devices file doesn't name."""
        if not heard.raw or heard.topic not in self.topics:
            return []
        after = read_object(heard.raw).get("after")
        if not isinstance(after, dict) or not isinstance(after.get("id"), str):
            raise SourceError("missing_field", "after.id")
        camera = self.cameras.get(str(after.get("camera")))
        if camera is None or after.get("false_positive") is True:
            return []
        whats = self._review(camera, after) if heard.topic == self.topics[1] else self._object(camera, after)
        return [self._event(heard, camera, after, what, more) for what, more in whats]

    def _object(self, camera: Device, after: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """What this object does now, as far as it was not told yet."""
        found: list[tuple[str, dict[str, Any]]] = []
        label, zones = str(after.get("label")), [z for z in after.get("current_zones") or [] if isinstance(z, str)]
        for zone in zones:
            what = camera.zones.get(zone, {}).get(label)
            stands = after.get("stationary") is True
            if what and (what != PARKED or stands) and self._told.rises(True, after["id"], what):
                found.append((what, {}))
            limit, speed = camera.limits.get(zone), after.get("current_estimated_speed")
            kph = round(speed * self.kph, 1) if isinstance(speed, int | float) else 0.0  # none and 0: not known
            if limit and kph > limit and self._told.rises(True, after["id"], "speed_violation"):
                found.append(("speed_violation", {"speed_kph": kph, "limit_kph": limit}))
        return found

    def _review(self, camera: Device, after: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """What a group of objects does, if none of them has told it."""
        data = after.get("data")
        if not isinstance(data, dict) or after.get("severity") != "alert":
            return []
        ids = [i for i in data.get("detections") or [] if isinstance(i, str)]
        labels = [str(label).removesuffix("-verified") for label in data.get("objects") or []]
        whats = {camera.zones.get(str(z), {}).get(label) for z in data.get("zones") or [] for label in labels}
        found: list[tuple[str, dict[str, Any]]] = []
        for what in sorted(w for w in whats if w and w != PARKED):
            new = [self._told.rises(True, i, what) for i in (*ids, after["id"])]  # marks each of them as told
            if all(new):
                found.append((what, {}))
        return found

    @staticmethod
    def _event(heard: Heard, camera: Device, after: dict[str, Any], what: str,
               more: dict[str, Any]) -> dict[str, Any]:
        seconds = next((t for name in ("frame_time", "start_time") if isinstance(t := after.get(name), int | float)), 0)
        data: dict[str, Any] = {"site": camera.of, "what": what, "object": after["id"]} | more
        if isinstance(score := after.get("score"), int | float):
            data["conf"] = score
        if after.get("has_snapshot") is True:
            data["snapshot"] = f"frigate:{after['id']}"
        source = f"frigate/{after['camera']}"
        return event(heard, source, "city.road.detection", data, int(seconds * US), name=f"{after['id']} {what}")
