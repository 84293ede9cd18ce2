"""The alarm load of a re-run in lines a person reads, beside the limits it is held against (EEMUA 191, ISA-18.2)."""

from __future__ import annotations

from typing import Any


def text(view: dict[str, Any]) -> str:
    """Lines for what ``AlarmLoad.view`` gave. A re-run has nobody who answers: what stands, stands until its end."""
    percent = {name: "-" if share is None else f"{share:.0%}" for name, share in view["share"].items()}
    rows = [
        ("annunciated", f"{view['annunciated']}, {view['positions']} operator positions"),
        ("called again, worse", f"{view['raised']} before anybody looked, {view['raised_to_p1']} of them to P1"),
        ("per operator in 10 min", f"mean {view['mean']} (limit 1), worst {view['worst']} (limit 10)"),
        ("share by priority", " ".join(f"{name} {share}" for name, share in percent.items()) + " (aim 5/15/80)"),
        ("flood minutes", f"{view['flood_minutes']}"),
        ("standing at the end", f"{view['standing']}, stale {view['stale']}"),
        ("chattering sources", f"{view['chattering']}"),
        ("fleeting", f"{view['fleeting']['k']} of {view['fleeting']['n']} that ended"),
        ("called nobody", ", ".join(f"{why} {n}" for why, n in view["held_back"].items()) or "nothing"),
    ]
    lines = [f"  {name:24}{value}" for name, value in rows]
    top = [f"    {row['annunciated']:6}{row['detections']:8}  {row['source']}" for row in view["top_sources"]]
    return "\n".join(["alarm load", *lines, "  top sources: annunciated, detections", *top])
