"""After ``kill -9`` at any moment a restart shows the same queue; nothing acknowledged is lost, nothing sent twice."""

from pathlib import Path

from tests.chaos.campaign import campaign
from tests.servers import Mosquitto


def test_fifty_kills_while_messages_requests_and_commands_are_in_flight(mosquitto: Mosquitto, tmp_path: Path) -> None:
    told = campaign(50, seed=2026, folder=tmp_path)
    assert told["broken"] == []
    assert told["kills"] == 50
    assert told["acked"] > 500
    assert told["reports_at_agency"] > 0
