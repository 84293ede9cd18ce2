"""Reasons that a person gives: a code stays one, words become the code ``other`` and a text for the vault."""

from __future__ import annotations

from typing import Any

from stream.ask import code_of

NAMES = ("reason", "reason_code")
OTHER = "other"


def coded(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with ``reason`` as a code (journals hold no sentences) and what was said in words in ``text``.

    A code written another way (``Kitchen-Steam``) is that code. Without a reason in words the arguments stay.
    """
    given = [args[name].strip() for name in NAMES if isinstance(args.get(name), str) and args[name].strip()]
    codes = {text: code_of(text.lower().replace("-", "_")) for text in given}
    if not given:
        return args
    words = [text for text in given if not codes[text]]
    rest = {name: value for name, value in args.items() if name not in NAMES}
    if words and isinstance(args.get("text", ""), str):
        rest["text"] = "\n".join([*words, *filter(None, [args.get("text")])])
    return rest | {"reason": next(filter(None, codes.values()), OTHER)}
