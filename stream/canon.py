"""Canonical JSON: one value, one sequence of bytes, on every machine.

Keys sorted, no spaces, UTF-8 as it is, floats in their shortest form that reads back the same. What JSON has no word
for (NaN, infinity) is written as null.
"""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(order="deterministic")


def canon(value: Any) -> bytes:
    """Canonical JSON of a value of dicts, lists, texts, numbers, truths and None (or our structs).

    >>> canon({"b": 1.5, "a": [True, None]})
    b'{"a":[true,null],"b":1.5}'
    """
    return _encoder.encode(value)
