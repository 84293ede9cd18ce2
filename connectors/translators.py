"""The native formats by the name of their section in the devices file (docs/native.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from connectors.axis import Axis
from connectors.frigate import Frigate
from connectors.milesight import Milesight
from connectors.native import Format, Translator, load_formats
from connectors.objects import Objects
from connectors.onvif import Onvif
from connectors.zigbee import Zigbee
from geo.frame import Located
from stream.settings import SettingError

Sites = Mapping[str, Located]  # the sites of the city file: where their metres begin
MAKERS: dict[str, Callable[[Format, Sites], Translator]] = {
    "zigbee": lambda format, sites: Zigbee(format),
    "frigate": lambda format, sites: Frigate(format),
    "onvif": lambda format, sites: Onvif(format),
    "milesight": lambda format, sites: Milesight(format),
    "objects": Objects,
    "axis": Axis,
}


def open_translators(path: str | Path, sites: Sites) -> tuple[Translator, ...]:
    """A translator a section of this devices file; an empty path: none. SettingError names file and field."""
    if not path:
        return ()
    formats = load_formats(path)
    for name in formats:
        if name not in MAKERS:
            raise SettingError(str(path), name, f"unknown; allowed: {', '.join(MAKERS)}")
    return tuple(MAKERS[name](format, sites) for name, format in formats.items())
