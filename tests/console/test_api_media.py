"""A still comes through this server only, from hosts that are set, as an image, and each look is on record."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, redirect
from werkzeug.serving import make_server

from console.api_media import STILL_MAX, allowed, name
from tests.console.conftest import Desk
from tests.console.livehouse import LiveHouse
from tests.replay.test_media import told

SITE = "XW-GASU-1"
JPEG = b"\xff\xd8\xff still"
KINDS = {"a.jpg": (JPEG, "image/jpeg"), "page": (b"<script>", "text/html"), "drawn": (b"<svg/>", "image/svg+xml"),
         "huge": (b"x" * (STILL_MAX + 1), "image/jpeg")}


class Camera:
    """Somebody's recorder on the loopback."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        app = Flask("camera")

        @app.get("/<path:path>")
        def still(path: str) -> Response:
            self.asked.append(path)
            if path == "moved":
                return redirect("/a.jpg")  # type: ignore[return-value]
            body, media = KINDS[path]
            return Response(body, mimetype=media)

        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        self.host = f"127.0.0.1:{self.server.port}"


@pytest.fixture
def camera() -> Iterator[Camera]:
    made = Camera()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.fixture
def desk(tmp_path: Path, camera: Camera) -> Iterator[Desk]:
    house = LiveHouse(tmp_path, media_hosts=(camera.host,))
    made = Desk(house)
    yield made
    made.close()
    house.close()


def named(desk: Desk, ref: str, kind: str = "snapshot") -> str:
    """An incident whose device named this."""
    at = desk.live.clock.now()
    told(desk.live.store, at, SITE, **{kind: ref})
    seen = {"rule": "reported", "at": at, "subject": SITE, "severity": 2, "evidence": {"what": "fall"}}
    return desk.live.opened(SITE, "fall", 2, domain="road", detections=[seen])


def test_a_still_of_a_host_that_is_set_is_shown_and_the_look_is_on_record(desk: Desk, camera: Camera) -> None:
    id = named(desk, f"http://{camera.host}/a.jpg?key=secret")
    seat = desk.client("operator")
    (row,) = seat.get(f"/api/v1/incidents/{id}/media").json["items"]
    assert (row["kind"], row["open"]) == ("snapshot", True)
    assert "secret" not in row["name"] and camera.asked == []
    answer = seat.get(f"/api/v1/incidents/{id}/media/0")
    assert (answer.data, answer.mimetype, answer.headers["Cache-Control"]) == (JPEG, "image/jpeg", "no-store")
    looks = [r for r in desk.live.journal.read() if r.kind == "access.looked"]
    assert [(r.by, r.body["what"], r.body["incident"]) for r in looks] == [("operator", "snapshot", id)]


@pytest.mark.parametrize("path", ["page", "drawn", "huge", "moved"])
def test_what_is_no_plain_picture_is_not_handed_on(desk: Desk, camera: Camera, path: str) -> None:
    id = named(desk, f"http://{camera.host}/{path}")
    answer = desk.client("operator").get(f"/api/v1/incidents/{id}/media/0")
    assert (answer.status_code, answer.json["code"]) == (502, "no_picture")
    assert camera.asked == [path]  # a redirect is not followed


def test_other_hosts_and_clips_are_named_and_never_asked(desk: Desk, camera: Camera) -> None:
    seat = desk.client("operator")
    for ref, kind in (("http://127.0.0.1:1/a.jpg", "snapshot"), ("frigate:17", "snapshot"),
                      (f"http://{camera.host}/a.jpg", "clip")):
        id = named(desk, ref, kind)
        desk.live.clock.advance(60_000_000)
        (row,) = seat.get(f"/api/v1/incidents/{id}/media").json["items"]
        assert (row["kind"], row["open"]) == (kind, False)
        assert seat.get(f"/api/v1/incidents/{id}/media/0").status_code == 404
    assert camera.asked == []
    assert seat.get(f"/api/v1/incidents/{id}/media/7").status_code == 404
    desk.live.reported(id, "119", "sent")  # and a liaison is not even told that they are there
    assert desk.client("liaison_119").get(f"/api/v1/incidents/{id}/media").json["items"] == []
    assert desk.client("liaison_119").get(f"/api/v1/incidents/{id}/media/0").status_code == 404


def test_a_liaison_sees_the_still_of_what_was_handed_over_and_of_nothing_else(desk: Desk, camera: Camera) -> None:
    id = named(desk, f"http://{camera.host}/a.jpg")
    liaison = desk.client("liaison_119")
    assert liaison.get(f"/api/v1/incidents/{id}/media").status_code == 404
    assert liaison.get(f"/api/v1/incidents/{id}/media/0").status_code == 404
    desk.live.reported(id, "119", "sent")
    (row,) = liaison.get(f"/api/v1/incidents/{id}/media").json["items"]
    assert (row["open"], row["source"], row["name"]) == (True, "", "")
    assert liaison.get(f"/api/v1/incidents/{id}/media/0").data == JPEG
    assert desk.client("liaison_112").get(f"/api/v1/incidents/{id}/media").status_code == 404
    looks = [(r.by, r.body["what"]) for r in desk.live.journal.read(kinds=["access.looked"]) if r.subject == id]
    assert looks == [("liaison_119", "snapshot")]


@pytest.mark.parametrize(("ref", "good"), [
    ("https://nvr.osan/a.jpg", True), ("https://nvr.osan:443/a.jpg", True), ("https://NVR.osan/a.jpg", True),
    ("https://nvr.osan:8443/a.jpg", False), ("http://cam.osan:8080/a", True), ("http://cam.osan/a", False),
    ("https://nvr.osan@evil.example/a", False), ("https://user@nvr.osan/a", False),
    ("https://nvr.osan.evil.example/a", False), ("file:///etc/passwd", False), ("//nvr.osan/a", False),
    ("https://[bad", False), ("https://nvr.osan:x/", False), ("", False),
])  # fmt: skip
def test_only_an_address_on_a_host_that_is_set_is_good(ref: str, good: bool) -> None:
    assert allowed(ref, ("nvr.osan", "cam.osan:8080")) is good


def test_of_an_address_host_and_file_are_shown_and_no_key() -> None:
    assert name("https://user:pw@nvr.osan/x/a.jpg?key=1") == "nvr.osan · a.jpg"
    assert name("frigate:17") == "frigate:17"
    assert name("https://[bad") == "https://[bad"
