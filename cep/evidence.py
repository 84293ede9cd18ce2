"""From what a kernel found to a ``Detection`` with its evidence: numbers and codes; of a caller the 100 m cell.

Units are in the names: ``ttc_s`` (whole µs), ``speed_kph``, ``distance_m``, ``waited_s``; ``x`` and ``y`` are metres in
the site's frame. ``source`` is who said it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cep.codes import CLASSES, PEDESTRIAN_SIGNALS, PERSONS
from cep.encode import URGENT
from cep.memory import Memory
from cep.rules import Rule, RuleTable
from geo.frame import cell
from stream.schema import US, Detection, Event, Severity
from stream.signals import told

# fields of an event's data that may stand in evidence
TOLD = ("what", "alarm", "sensor", "location", "value", "conf", "object", "speed_kph", "limit_kph", "x", "y")
Found = np.void


def _places(found: Found) -> dict[str, Any]:
    return {"x": round(float(found["x"]), 3), "y": round(float(found["y"]), 3)}


class Teller:
    """Builds detections; one function a pattern."""

    def __init__(self, memory: Memory, rules: RuleTable) -> None:
        self.memory, self.rules = memory, rules
        self.by_pattern: dict[str, Callable[[Found, Event | None], dict[str, Any]]] = {
            "event": self._event,
            "score": self._score,
            "pair": self._pair,
            "hold": self._hold,
            "pair_memory": self._memory,
            "crossing": self._crossing,
            "encroachment": self._encroachment,
            "absence": self._absence,
            "range": self._range,
            "rhythm": self._rhythm,
            "silence": self._silence,
            "series": self._series,
            "sequence": self._sequence,
            "count": self._count,
            "astray": self._astray,
            "dwell": self._stay,
            "parked": self._stay,
            "jolt": self._jolt,
            "against": self._against,
            "throng": self._throng,
        }

    def tell(self, found: Found, events: Sequence[Event]) -> Detection:
        """The detection of one row of what was found."""
        rule = self.rules.rules[found["rule"]]
        event = events[found["row"]] if not found["before"] else None
        evidence = self.by_pattern[rule.pattern](found, event)
        if event is not None:
            evidence["source"] = event.source
        return self.detection(rule, int(found["at"]), self._name(found["subject"]), int(found["severity"]), evidence)

    def detection(self, rule: Rule, at: int, subject: str, severity: int, evidence: dict[str, Any]) -> Detection:
        """A detection of this rule."""
        return Detection(rule.id, rule.version, at, subject, Severity(severity), evidence)

    def _name(self, slot: int) -> str:
        return str(self.memory.entities.names[slot])

    def _track(self, slot: int) -> int | str:
        id: int | str = self.memory.tracks.names[slot][2]
        return id

    def _event(self, found: Found, event: Event | None) -> dict[str, Any]:
        data = event.data if event else None
        if event is None or event.type == "city.bus.position":
            return {}
        if event.type == "city.sos":
            lon, lat = cell(event.data.lon, event.data.lat)
            return {"lon": lon, "lat": lat}
        return {name: value for name in TOLD if (value := getattr(data, name, None)) is not None}

    def _score(self, found: Found, event: Event | None) -> dict[str, Any]:
        assert event is not None
        data, bits = event.data, int(found["a"])
        words = [name for n, name in enumerate(URGENT) if bits >> n & 1]
        evidence = {"case": data.case, "channel": data.channel, "dong": data.dong, "weight": float(found["v"])}
        if data.risk is not None:
            evidence["risk"] = data.risk
        if signs := told((one.code, one.weight) for one in data.signals):
            evidence["signals"] = signs
        return evidence | ({"words": words} if words else {})

    def _pair(self, found: Found, event: Event | None) -> dict[str, Any]:
        ids = {"vehicle": self._track(found["a"]), "person": self._track(found["b"]), "ttc_s": float(found["u"])}
        return ids | {"person_class": CLASSES[found["slot"]], "speed_kph": _kph(found["v"])} | _places(found)

    def _hold(self, found: Found, event: Event | None) -> dict[str, Any]:
        speeds = {"speed_kph": _kph(found["u"]), "limit_kph": float(found["v"])}
        return {"vehicle": self._track(found["a"])} | speeds | _places(found)

    def _memory(self, found: Found, event: Event | None) -> dict[str, Any]:
        ids = {"vehicle": self._track(found["a"]), "person": self._track(found["b"])}
        return ids | {"speed_kph": _kph(found["u"]), "distance_m": round(float(found["v"]), 3)} | _places(found)

    def _crossing(self, found: Found, event: Event | None) -> dict[str, Any]:
        ids = {"vehicle": self._track(found["a"]), "person": self._track(found["b"])}
        signal = PEDESTRIAN_SIGNALS[int(found["v"])]
        return ids | {"speed_kph": _kph(found["u"]), "signal": signal} | _places(found)

    def _encroachment(self, found: Found, event: Event | None) -> dict[str, Any]:
        """``psm_s`` is ``pet_s``, below zero when the vehicle went first; ``predicted_s`` the least t* before."""
        margin, least = float(found["u"]) + 0.0, int(found["entity"])
        limits = self.rules.rules[found["rule"]].thresholds
        near = "safe" if least < 0 else "danger" if least <= round(limits["danger_s"] * US) else "warning"
        ids = {"vehicle": self._track(found["a"]), "person": self._track(found["b"])}
        times: dict[str, Any] = {"pet_s": abs(margin), "psm_s": margin, "pcr": near}
        times |= {} if least < 0 else {"predicted_s": least / US}
        about = {"person_class": CLASSES[found["slot"]], "speed_kph": _kph(found["v"])}
        return ids | times | about | _places(found)

    def _absence(self, found: Found, event: Event | None) -> dict[str, Any]:
        by_case = self.rules.rules[found["rule"]].match["by"] == "case"
        evidence: dict[str, Any] = {"waited_s": float(found["u"])}
        if by_case:
            evidence["case"] = self._name(found["entity"])
            if dong := self.memory.dong_of(found["entity"]):
                evidence["dong"] = dong
        return evidence

    def _range(self, found: Found, event: Event | None) -> dict[str, Any]:
        """The reading, and the range it left (without an edge where there is none)."""
        edges = {"usual_low": float(found["x"]), "usual_high": float(found["y"])}
        return self._event(found, event) | {name: round(n, 1) for name, n in edges.items() if abs(n) < np.inf}

    def _rhythm(self, found: Found, event: Event | None) -> dict[str, Any]:
        """``usual_h``: the longest usual silence in each of 24 hours, the 18th of which is the hour of the alarm."""
        words = np.array([found["band0"], found["band1"], found["band2"]], "<i8")
        usual = [round(tenths / 10, 1) for tenths in words.view(np.uint8).tolist()]
        return {"waited_s": float(found["u"]), "usual_s": float(found["v"]), "usual_h": usual}

    def _silence(self, found: Found, event: Event | None) -> dict[str, Any]:
        return {"waited_s": float(found["u"]), "source": self._name(found["entity"])}

    def _sequence(self, found: Found, event: Event | None) -> dict[str, Any]:
        return self._event(found, event) | {"after_s": float(found["u"])}

    def _count(self, found: Found, event: Event | None) -> dict[str, Any]:
        return self._event(found, event) | {"n": int(found["a"]), "span_s": float(found["u"])}

    def _series(self, found: Found, event: Event | None) -> dict[str, Any]:
        assert event is not None
        return {"result": event.data.result, "attempt": event.data.attempt}


    def _astray(self, found: Found, event: Event | None) -> dict[str, Any]:
        ids = {"person": self._track(found["a"]), "vehicle": self._track(found["b"])}
        ids["person_class"] = CLASSES[found["slot"]]
        return ids | {"distance_m": round(float(found["u"]), 3), "speed_kph": _kph(found["v"])} | _places(found)

    def _stay(self, found: Found, event: Event | None) -> dict[str, Any]:
        person = CLASSES[found["slot"]] in PERSONS
        evidence: dict[str, Any] = {"person" if person else "vehicle": self._track(found["a"])}
        evidence |= {"stayed_s": float(found["u"])}
        return evidence | ({} if person else {"distance_m": round(float(found["v"]), 3)}) | _places(found)

    def _jolt(self, found: Found, event: Event | None) -> dict[str, Any]:
        change = {"change_mps2": round(float(found["u"]), 3), "speed_kph": _kph(found["v"])}
        return {"vehicle": self._track(found["a"])} | change | _places(found)

    def _against(self, found: Found, event: Event | None) -> dict[str, Any]:
        run = {"speed_kph": _kph(found["u"]), "run_m": round(float(found["v"]), 3)}
        return {"vehicle": self._track(found["a"])} | run | _places(found)

    def _throng(self, found: Found, event: Event | None) -> dict[str, Any]:
        return {"people": int(found["u"]), "stayed_s": float(found["v"])} | _places(found)


def _kph(mps: Any) -> float:
    return round(float(mps) * 3.6, 3)
