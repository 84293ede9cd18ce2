"""What the tests of pages share: a layout as a flat list of its components."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from console import pages, words

SEAT = SimpleNamespace(user="kim", role="operator", scope="SZ-001", lang="ko")


def parts(page: Any, name: str | None = None, **query: Any) -> list[Any]:
    """All components of a page's layout, the frame first."""
    root = page.layout(SEAT, name or page.NAMES[0], **query)
    return [root, *root._traverse()]


def attributes(found: list[Any], name: str) -> list[str]:
    """The values of an attribute, in order, of all components that have it."""
    all_props = [part.to_plotly_json()["props"] for part in found if hasattr(part, "to_plotly_json")]
    return [props[name] for props in all_props if name in props]


def texts(found: list[Any]) -> list[str]:
    """Words that stand in the layout itself."""
    return [part for part in found if isinstance(part, str)]


def assert_whole(page: Any, name: str | None = None, **query: Any) -> list[Any]:
    """A frame has the common hooks once, names only words that both catalogues have, and holds no sentence itself."""
    found = parts(page, name, **query)
    hooks = attributes(found, "data-testid")
    assert len(hooks) == len(set(hooks))
    assert {"clock", "connection", "latency", "stale-banner", "lang-ko", "lang-en"} <= set(hooks)
    ids = attributes(found, "id")
    assert len(ids) == len(set(ids))
    for attribute in ("data-word", "data-label", "data-title"):
        for key in attributes(found, attribute):
            for lang in words.LANGS:
                assert key in words.catalogue(lang), f"{key} is missing in {lang}.toml"
    assert set(texts(found)) <= {"한국어", "EN"}
    assert page in pages.PAGES
    return found
