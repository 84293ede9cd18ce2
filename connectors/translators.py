"""The native formats by the name of their section in the devices file (docs/native.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connectors.frigate import Frigate
from connectors.milesight import Milesight
from connectors.native import Format, Translator, load_formats
from connectors.onvif import Onvif
from connectors.zigbee import Zigbee
from stream.settings import SettingError

MAKERS: dict[str, Callable[[Format], Translator]] = {
    "zigbee": Zigbee,
    "frigate": Frigate,
    "onvif": Onvif,
    "milesight": Milesight,
}


def open_translators(path: str | Path) -> tuple[Translator, ...]:
    """A translator a section of this devices file; an empty path: none. SettingError names file and field."""
    if not path:
        return ()
    formats = load_formats(path)
    for name in formats:
        if name not in MAKERS:
            raise SettingError(str(path), name, f"unknown; allowed: {', '.join(MAKERS)}")
    return tuple(MAKERS[name](format) for name, format in formats.items())
