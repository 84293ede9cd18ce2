"""Events for the tests of this folder, each kind in one line."""

from typing import Any

from stream.schema import (
    US,
    AgencyUpdate,
    CareAlarm,
    CareReading,
    Event,
    RoadFrame,
    RoadObject,
    RoadSignal,
    Signal,
    Sos,
    WelfareCase,
)  # fmt: skip

T0 = 1_772_407_800 * US  # 2026-03-02 08:30 KST


def event(type: str, data: Any, id: str, source: str, at: int = T0, **more: Any) -> Event:
    subject = next((getattr(data, f) for f in ("site", "household", "case", "user") if hasattr(data, f)), source)
    return Event(id=id, source=source, type=type, time=at, subject=subject, data=data, arrival=at, at=at, **more)


def frame(id: str, n: int = 2, source: str = "/device/radar-1", at: int = T0, **more: Any) -> Event:
    objects = [RoadObject(i, "child" if i % 3 else "vehicle", 1.25 * i, -2.5, 0.125, 8.333) for i in range(n)]
    return event("city.road.frame", RoadFrame("site-1", objects), id, source, at, **more)


def signal(id: str, source: str = "/device/lamp-1", at: int = T0, **more: Any) -> Event:
    return event("city.road.signal", RoadSignal("site-1", "red", "walk", 12.5), id, source, at, **more)


def smoke(id: str, household: str = "h-1", at: int = T0, **more: Any) -> Event:
    source = more.pop("source", f"/device/smoke-{household}")
    return event("city.care.alarm", CareAlarm(household, "smoke"), id, source, at, **more)


def reading(id: str, household: str = "h-1", value: bool | float = True, at: int = T0, **more: Any) -> Event:
    source = more.pop("source", f"/device/pir-{household}")
    return event("city.care.reading", CareReading(household, "pir", value, "hall"), id, source, at, **more)


def case(id: str, text: str | None = "쌀이 없어요", at: int = T0, **more: Any) -> Event:
    data = WelfareCase(f"case-{id}", "오산동", "citizen", [Signal("w01", 0.5)], household="h-9", text=text)
    return event("city.welfare.case", data, id, "/system/welfare", at, **more)


def sos(id: str, lon: float = 127.07712345, lat: float = 37.14567891, at: int = T0, **more: Any) -> Event:
    return event("city.sos", Sos("u-1", lon, lat, 12.0), id, "/system/app", at, **more)


def update(id: str, report: str, state: str = "accepted", at: int = T0) -> Event:
    return event("city.agency.update", AgencyUpdate(report, state, "119-1"), id, "/system/119", at)
