"""An operator's own map tiles: fetched by this server from the one address that is set, kept, and given as our own.

The browser never speaks to that host (the policy stays 'self'), and a key in the address stays here. A tile that can't
be had is 404 or 502; the built-in vector map lies below and stays.
"""

from __future__ import annotations

import threading
import urllib.request
from collections import OrderedDict
from email.message import Message
from http.client import HTTPException
from typing import IO, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response

from console.problems import Problem

ZOOM_MAX = 20
TIMEOUT_S = 5.0
TILE_MAX = 1024 * 1024
KEPT = 500
DAY_S = 24 * 3600


class Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: only the host that was set is ever asked."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


class Tiles:
    """Tiles of one address template (``{z}`` ``{x}`` ``{y}``), the last 500 kept in memory."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._opener = urllib.request.build_opener(Straight)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int, int], tuple[bytes, str]] = OrderedDict()

    def get(self, z: int, x: int, y: int) -> tuple[bytes, str]:
        """Bytes and media type of a tile. Problem 404: outside of the world or no tiles set; 502: it can't be had."""
        if not self.template or z > ZOOM_MAX or x >= 1 << z or y >= 1 << z:
            raise Problem(404)
        with self._lock:
            if held := self._kept.get((z, x, y)):
                self._kept.move_to_end((z, x, y))
                return held
        tile = self._fetch(self.template.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y)))
        with self._lock:
            self._kept[(z, x, y)] = tile
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return tile

    def _fetch(self, url: str) -> tuple[bytes, str]:
        if urlsplit(url).scheme not in ("http", "https"):
            raise Problem(404)
        try:
            with self._opener.open(url, timeout=TIMEOUT_S) as answer:
                media, tile = answer.headers.get_content_type(), answer.read(TILE_MAX + 1)
        except (OSError, HTTPException, ValueError):
            raise Problem(502, "no_tile") from None
        if not media.startswith("image/") or media == "image/svg+xml" or len(tile) > TILE_MAX:
            raise Problem(502, "no_tile")
        return tile, media


def blueprint(settings: Any) -> Blueprint:
    """`/tiles/<z>/<x>/<y>`."""
    routes, tiles = Blueprint("tiles", __name__), Tiles(settings.tile_url)

    @routes.get("/tiles/<int:z>/<int:x>/<int:y>")
    def tile(z: int, x: int, y: int) -> Response:
        body, media = tiles.get(z, x, y)
        return Response(body, mimetype=media, headers={"Cache-Control": f"private, max-age={DAY_S}"})

    return routes
