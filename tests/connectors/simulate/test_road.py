"""The live crossings: how often their devices report, and how they take turns."""

from collections import Counter

from connectors.simulate.messages import Maker
from connectors.simulate.road import LIVE_SITES, SEED, TICK_US, Road, light, liveliest
from connectors.simulate.scenes import radar
from geo.city import load_city
from tests.connectors.simulate.sight import MORNING, NIGHT, OSAN, read


def run(road: Road, seconds: float, at: int = MORNING, minute: float = 510) -> list[dict]:
    maker, out = Maker(at), []
    for n in range(1, round(seconds * 10) + 1):
        out += road.step(at + n * TICK_US, minute, True, maker)
    return read(out)


def test_live_radars_send_up_to_ten_frames_a_second_and_at_least_one() -> None:
    road = Road(OSAN, 1, 5)
    frames = Counter(e["source"] for e in run(road, 60) if e["type"] == "city.road.frame")
    assert set(frames) == {radar(site) for site in road.live}
    assert all(60 <= n <= 600 for n in frames.values()) and max(frames.values()) > 300


def test_at_night_most_frames_are_empty_and_few() -> None:
    frames = [e for e in run(Road(OSAN, 1, 5), 120, NIGHT, 180) if e["type"] == "city.road.frame"]
    assert len(frames) < 5 * 120 * 4 and sum(not e["data"]["objects"] for e in frames) > 100


def test_a_light_speaks_when_it_changes_and_every_two_seconds() -> None:
    road = Road(OSAN, 1, 4)
    lit = {light(x.id) for x in road.live.values() if x.signalled}
    assert lit
    said = [e for e in run(road, 80) if e["type"] == "city.road.signal"]
    for source in lit:
        times = [e["time"] for e in said if e["source"] == source]
        assert 40 <= len(times) <= 48
        assert {e["data"]["pedestrian"] for e in said if e["source"] == source} == {"walk", "flashing", "stop"}


def test_crossings_take_turns_and_both_kinds_are_live() -> None:
    road = Road(OSAN, 1, 5)
    first = set(road.live)
    assert {x.signalled for x in road.live.values()} == {True, False}
    run(road, 361, NIGHT, 180)
    assert len(road.live) == 5 and len(first - set(road.live)) == 1


def test_a_silent_radar_says_nothing_but_life_goes_on() -> None:
    road = Road(OSAN, 1, 2)
    site = next(iter(road.live))
    road.silent[site] = MORNING + 30_000_000
    early = {e["source"] for e in run(road, 29) if e["type"] == "city.road.frame"}
    late = {e["source"] for e in run(road, 20, MORNING + 30_000_000) if e["type"] == "city.road.frame"}
    assert radar(site) not in early and radar(site) in late


def test_recorded_sites_are_not_simulated() -> None:
    assert not any(s.startswith(("XW-DUT", "XW-TEST")) for s in Road(OSAN, 1, 5).sites)


def test_the_liveliest_zone_has_a_live_crossing_as_the_usual_day_begins() -> None:
    zone = liveliest(OSAN)
    assert zone in {OSAN.sites[site].zone for site in Road(OSAN, SEED, LIVE_SITES).live}
    assert liveliest(OSAN, 7) in OSAN.zones


def test_a_city_without_zones_has_no_liveliest(tmp_path) -> None:
    file = tmp_path / "bare.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    assert liveliest(load_city(file)) == ""
