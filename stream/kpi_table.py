"""The indicators of the city's plan, one row each: name (words ``kpi.<name>``), group, unit, where it stands.

Screen, CSV, report and public version are all made from these rows, so none can show another figure than the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

View = dict[str, Any]
GROUPS = ("response", "quality", "load", "devices", "school", "welfare", "use", "protection")


class Indicator(msgspec.Struct, frozen=True):
    """One row. ``unit``: ms, s, rate, count, kph, load, per_1000, per_100000, share (a rate without an interval) or
    unrecorded (the plan names it, the journal holds nothing of it)."""

    name: str
    group: str
    unit: str
    pick: Callable[[View], Any]


class Figure(msgspec.Struct, frozen=True):
    """One indicator of one span. ``n`` is the sample, ``k`` of them counted, ``low`` and ``high`` the 95 % interval."""

    name: str
    group: str
    unit: str
    value: float | None = None
    n: int | None = None
    k: int | None = None
    low: float | None = None
    high: float | None = None
    p95: float | None = None
    p99: float | None = None


def _at(*path: str) -> Callable[[View], Any]:
    def pick(view: View) -> Any:
        for name in path:
            view = view[name]
        return view

    return pick


def _road(name: str) -> Callable[[View], Any]:
    return _at("school", "all", name)


def _no(view: View) -> Any:
    return None


INDICATORS: tuple[Indicator, ...] = (
    Indicator("popup", "response", "ms", _at("detection_to_popup_ms")),
    Indicator("device_popup", "response", "ms", _at("device_to_popup_ms")),
    Indicator("ack", "response", "s", _at("popup_to_ack_s")),
    Indicator("ack_p1", "response", "s", _at("p1_popup_to_ack_s")),
    Indicator("ack_p1_10", "response", "rate", _at("p1_acknowledged_within", "10")),
    Indicator("ack_p1_15", "response", "rate", _at("p1_acknowledged_within", "15")),
    Indicator("response", "response", "s", _at("alarm_to_response_s")),
    Indicator("notice", "response", "s", _at("popup_to_delivered_s")),
    Indicator("notice_112", "response", "s", _at("popup_to_delivered_by_agency", "112")),
    Indicator("notice_119", "response", "s", _at("popup_to_delivered_by_agency", "119")),
    Indicator("delivery", "response", "s", _at("confirm_to_delivered_s")),
    Indicator("arrival", "response", "s", _at("accepted_to_arrived_s")),
    Indicator("arrival_112", "response", "s", _at("accepted_to_arrived_by_agency", "112")),
    Indicator("arrival_119", "response", "s", _at("accepted_to_arrived_by_agency", "119")),
    Indicator("resolve", "response", "s", _at("opened_to_resolved_s")),
    Indicator("false_alarms", "quality", "rate", _at("false_alarms", "all")),
    Indicator("missed", "quality", "rate", _at("missed")),
    Indicator("verdicts", "quality", "rate", _at("verdicts")),
    Indicator("early", "quality", "rate", _at("early_detection")),
    Indicator("load", "load", "load", _at("load")),
    Indicator("load_operator", "load", "load", _at("load", "per_operator")),
    Indicator("load_calm", "load", "rate", _at("load", "per_operator", "calm")),
    Indicator("load_flood", "load", "rate", _at("load", "per_operator", "flood")),
    Indicator("uptime", "devices", "share", _at("uptime")),
    Indicator("recovery", "devices", "s", _at("recovery_s")),
    Indicator("silent", "devices", "count", _at("silent_now")),
    Indicator("vehicles", "school", "count", _road("vehicles")),
    Indicator("compliance", "school", "rate", _road("compliance")),
    Indicator("mean_speed", "school", "kph", _road("mean_kph")),
    Indicator("speeding", "school", "per_1000", _road("speeding")),
    Indicator("signal", "school", "per_1000", _road("signal")),
    Indicator("jaywalking", "school", "per_1000", _road("jaywalking")),
    Indicator("risk", "school", "per_1000", _road("risk")),
    Indicator("contact_24", "welfare", "rate", _at("first_contact", "within_24h")),
    Indicator("contact_48", "welfare", "rate", _at("first_contact", "within_48h")),
    Indicator("unworked", "welfare", "count", _at("first_contact", "unworked")),
    Indicator("case_lead", "welfare", "s", _at("case_lead_s")),
    Indicator("emergency", "welfare", "s", _at("urgent_to_notice_s")),
    Indicator("reports", "welfare", "count", _at("reports", "n")),
    Indicator("reports_100k", "welfare", "per_100000", _at("reports", "per_100000")),
    Indicator("neighbours", "welfare", "rate", _at("reports", "by_neighbours")),
    Indicator("recurring", "welfare", "rate", _at("reports", "recurrence_90d")),
    Indicator("boards", "use", "count", _at("use", "boards")),
    Indicator("people", "use", "count", _at("use", "people")),
    Indicator("deeds", "use", "count", _at("use", "deeds")),
    Indicator("notices", "use", "count", _at("notices")),
    Indicator("looks", "protection", "count", _at("protection", "looks")),
    Indicator("exports", "protection", "count", _at("protection", "exports")),
    Indicator("exports_refused", "protection", "count", _at("protection", "exports_refused")),
    Indicator("refused", "protection", "count", _at("protection", "refused")),
    Indicator("access_requests", "protection", "unrecorded", _no),
    Indicator("breaches", "protection", "unrecorded", _no),
)
BY_NAME = {row.name: row for row in INDICATORS}
# Where the value of a figure that is a table stands, by unit.
VALUE = {"ms": "p50", "s": "p50", "rate": "rate", "share": "rate", "load": "mean", "per_1000": "per_1000"}


def figures(view: View) -> list[Figure]:
    """Every indicator of a view, in the order of the table."""
    return [figure(row, view) for row in INDICATORS]


def figure(row: Indicator, view: View) -> Figure:
    """One indicator of a view."""
    told = row.pick(view)
    if not isinstance(told, dict):
        sample = {"kph": view["school"]["all"]["vehicles"], "per_100000": view["reports"]["n"]}.get(row.unit)
        return Figure(row.name, row.group, row.unit, told, sample)
    n, k = told.get("n"), told.get("k")
    if row.unit == "per_1000":
        n, k = told["vehicles"], told["n"]
    low, high = (told.get("low"), told.get("high")) if n else (None, None)
    return Figure(row.name, row.group, row.unit, told.get(VALUE[row.unit]), n, k, low, high,
                  told.get("p95"), told.get("p99"))
