"""A section of the devices file is a way in; a section that nobody knows is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.frigate import Frigate
from connectors.translators import MAKERS, open_translators
from connectors.zigbee import Zigbee
from stream.settings import SettingError


def test_each_section_is_one_translator(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text('[zigbee]\ntopic = "home"\n[frigate]\n')
    zigbee, frigate = open_translators(file, {})
    assert isinstance(zigbee, Zigbee) and zigbee.topics == ("home/#",)
    assert isinstance(frigate, Frigate) and frigate.topics == ("frigate/events", "frigate/reviews")
    assert open_translators("", {}) == ()


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "devices.toml"
    file.write_text("[zigbe]\n")
    with pytest.raises(SettingError, match="zigbe: unknown; allowed: zigbee") as refused:
        open_translators(file, {})
    assert refused.value.field == "zigbe" and set(MAKERS) == {
        "zigbee", "frigate", "onvif", "milesight", "objects", "axis"}  # fmt: skip
