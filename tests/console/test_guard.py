"""Every answer, errors too, tells the browser what it may load, frame and remember."""

from __future__ import annotations

import re

import pytest

from console.guard import policy
from tests.console.conftest import Desk


def test_the_policy_allows_no_eval_no_inline_script_and_no_other_host() -> None:
    rows = dict(row.split(" ", 1) for row in policy(["'sha256-x'"]).split("; "))
    assert rows["script-src"] == "'self' 'sha256-x'"
    assert rows["default-src"] == rows["connect-src"] == "'self'"
    assert rows["frame-ancestors"] == rows["object-src"] == "'none'"
    assert "unsafe-eval" not in str(rows)
    assert not re.search(r"https?:|\*", str(rows))


@pytest.mark.parametrize("path", ["/", "/login", "/livez", "/api/v1/incidents", "/nowhere", "/assets/nowhere.js"])
@pytest.mark.parametrize("role", ["operator", None])
def test_every_answer_has_the_headers(desk: Desk, path: str, role: str | None) -> None:
    headers = desk.client(role).get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert ("no-store" in headers.get("Cache-Control", "")) != path.startswith("/assets/")


def test_dashs_own_inline_scripts_are_named_by_hash(desk: Desk) -> None:
    import base64
    import hashlib

    answer = desk.client("operator").get("/")
    inline = re.findall(r"<script(?![^>]*src=)(?![^>]*application/json)[^>]*>(.*?)</script>", answer.text, re.S)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"], script[:60]


def test_https_is_asked_for_again_only_over_https(desk: Desk) -> None:
    assert "Strict-Transport-Security" not in desk.client().get("/livez").headers
    assert "Strict-Transport-Security" in desk.client().get("/livez", base_url="https://localhost").headers
