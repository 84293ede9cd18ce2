"""The figures as a table for a spreadsheet: one line a span and indicator, words beside codes."""

from __future__ import annotations

import csv
import io
from typing import Any

from console import words
from console.figure_text import area_name
from stream.clock import format_kst

COLUMNS = ("from", "to", "area", "group", "name", "title", "unit", "value", "n", "k", "low", "high", "p95", "p99")
NUMBERS = ("value", "n", "k", "low", "high", "p95", "p99")
BOM = "\ufeff"  # or a Korean spreadsheet takes the text for something else
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("궐동")
    ("'=1+1", '궐동')
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def table(spans: list[dict[str, Any]], area: str, areas: list[dict[str, str]], lang: str) -> bytes:
    """UTF-8 with a mark of its order; ``spans`` are parts of a series (from, to in µs, figures)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([words.say(lang, f"kpi.csv_{column}") for column in COLUMNS])
    for span in spans:
        for f in span["figures"]:
            group, title = words.say(lang, f"kpi.group_{f['group']}"), words.say(lang, f"kpi.{f['name']}")
            when = (format_kst(span["from"]), format_kst(span["to"]))
            head = [*when, safe(area_name(area, areas, lang)), group, f["name"], title, f["unit"]]
            rows.writerow([*head, *("" if f[name] is None else f[name] for name in NUMBERS)])
    return (BOM + out.getvalue()).encode()
