"""Errors as RFC 9457 problem details: one exception, one answer, a stable code with its words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response

from console import words

MIME = "application/problem+json"
CODES = {
    400: "malformed", 401: "login_needed", 403: "forbidden", 404: "not_found", 405: "method", 413: "too_large",
    415: "not_json", 429: "slow_down", 500: "fault", 503: "busy",
}


class Problem(Exception):
    """Answer this instead: HTTP status, words code, detail; ``extra`` members go along (e.g. ``revision``)."""

    def __init__(
        self, status: int, code: str = "", detail: str = "", headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code or CODES[status]
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra

    def body(self, lang: str = "ko") -> dict[str, Any]:
        """The problem object. ``title`` is for people; ``code`` is for programs and never changes."""
        key = next((k for k in (f"error.{self.code}", f"refusal.{self.code}") if k in words.catalogue(lang)), "")
        named = words.detail(lang, self.detail)
        title = words.say(lang, key, detail=named, **self.extra) if key else HTTPStatus(self.status).phrase
        return {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, "code": self.code,
                **self.extra}

    def response(self, lang: str = "ko") -> Response:
        """As an HTTP answer."""
        return Response(msgspec.json.encode(self.body(lang)), self.status, self.headers, mimetype=MIME)
