"""What the rooms outside the control room get is held to its shape, by the answers of a whole console."""

from __future__ import annotations

import msgspec

from console.school import Counter
from console.shapes_rooms import LinkList, LinkMade, MessageList, SchoolBoard
from tests.console.conftest import Desk
from tests.console.test_api_handover import command, link


def test_a_board_of_each_zone_fits(desk: Desk) -> None:
    counter = Counter(desk.live.house)
    for zone in desk.live.house.city.zones:
        msgspec.convert(counter.view(zone), SchoolBoard)


def test_messages_and_links_fit(desk: Desk) -> None:
    id = desk.live.opened("HH-0007")
    desk.live.reported(id, "119", "sent")
    liaison = desk.client("liaison_119")
    command(liaison, id, "message", more="address")
    rows = liaison.get(f"/api/v1/incidents/{id}/messages").json
    assert msgspec.convert(rows, MessageList).items[0].more == "address"
    msgspec.convert(link(desk, id).json, LinkMade)
    assert len(msgspec.convert(liaison.get(f"/api/v1/incidents/{id}/links").json, LinkList).items) == 1
