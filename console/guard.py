"""Headers of every answer: what a browser may load, frame, sniff, remember."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, Response, request

CACHED = ("/assets/", "/_dash-component-suites/")
PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would make the login form's Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def policy(hashes: Iterable[str]) -> str:
    """The content security policy; ``hashes`` are those of Dash's own inline scripts, quoted."""
    return "; ".join((
        "default-src 'self'",
        " ".join(("script-src 'self'", *hashes)),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ))


def install(app: Flask, hashes: Callable[[], Iterable[str]]) -> None:
    """Set the headers on every answer of the app, errors included; ``hashes`` is asked once, at the first answer."""
    written: list[str] = []

    @app.after_request
    def _headers(answer: Response) -> Response:
        if not written:
            written.append(policy(hashes()))
        answer.headers["Content-Security-Policy"] = written[0]
        for name, value in PLAIN.items():
            answer.headers.setdefault(name, value)
        if not request.path.startswith(CACHED):
            answer.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer
