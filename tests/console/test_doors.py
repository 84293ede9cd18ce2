"""A core without pages: events and health are answered, everything else points to the web process."""

from __future__ import annotations

from flask import Flask

from console.doors import core_only


def test_only_the_way_in_and_the_health_are_open() -> None:
    app = Flask("core")
    for path in ("/", "/livez", "/api/v1/events", "/api/v1/incidents"):
        app.add_url_rule(path, path, lambda: "here", methods=["GET", "POST"])
    core_only(app)
    client = app.test_client()
    assert client.get("/livez").text == client.post("/api/v1/events").text == "here"
    for path in ("/", "/api/v1/incidents", "/login"):
        said = client.get(path)
        assert (said.status_code, said.mimetype) == (404, "application/problem+json")
        assert "--role web" in said.get_json()["detail"]
