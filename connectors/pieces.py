"""The elements of an array that no reader takes whole, cut apart by its brackets and commas alone.

Only for what ``decode`` cannot read as one: a batch in which one event is nested too deep or holds NaN. Nothing is
judged here; each piece is read and judged on its own afterwards. No recursion: the depth is a number.
"""

from __future__ import annotations

import re

# A text (brackets in it count for nothing) or one of the bytes that build the array.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)
LONGEST = 1 << 20  # bytes of one element; beyond it the array is not worth the time


def pieces(payload: bytes) -> list[bytes]:
    """The bytes of each element of the array ``payload``; empty when it does not end as an array does."""
    found: list[bytes] = []
    depth = start = 0
    for token in TOKEN.finditer(payload):
        mark, at = token[0], token.start()
        depth += (mark in b"[{") - (mark in b"]}")
        if depth == 0 or (depth == 1 and mark == b","):
            found.append(payload[start:at].strip())
        if depth == 0 or at - start > LONGEST:
            return found if depth == 0 and not payload[token.end():].strip() else []
        if depth == 1 and (mark == b"," or not start):
            start = token.end()
    return []
