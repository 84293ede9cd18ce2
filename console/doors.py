"""What a core without pages answers: the way in, and how it is. Pages are the web processes'."""

from __future__ import annotations

from flask import Flask, Response, request

from console.problems import Problem

OPEN = ("/livez", "/readyz", "/metrics", "/api/v1/events", "/openapi.json")


def core_only(app: Flask) -> None:
    """Answer 404 for everything else, before anybody asks who wants to know."""

    def shut() -> Response | None:
        if request.path in OPEN:
            return None
        return Problem(404, detail="this process decides; pages are served by one with --role web").response()

    app.before_request_funcs.setdefault(None, []).insert(0, shut)  # the app is warm, so not by its decorator
