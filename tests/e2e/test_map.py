"""Layers and corners of the map in a real browser: what is switched stays, what has no place is named."""

from __future__ import annotations

from playwright.sync_api import expect

from stream.schema import Draft
from tests.replay.test_media import told

PIXELS = """() => {
  const c = document.querySelector('.leaflet-places-pane canvas');
  return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((n, x) => n + (x > 0), 0);
}"""


def test_cameras_and_stations_are_switched_and_stay_as_chosen(console, screen):
    seat = screen()
    page = seat.open("/")
    assert (stations := page.evaluate(PIXELS)) > 0
    page.click("#map-layers")
    page.click("[data-layer=cameras]")
    assert page.evaluate(PIXELS) > stations
    page.locator("[data-layer=agencies]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-layer=cameras]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(PIXELS) == 0
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(PIXELS) == 0
    page.click("#map-layers")
    expect(page.locator("[data-layer=agencies]")).to_have_attribute("aria-pressed", "false")


def test_what_has_no_place_stands_in_a_corner_and_is_chosen_there(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("case-70", "welfare_urgent", 2, domain="welfare")
    expect(page.locator("#unplaced")).to_contain_text("위치 미상 1")
    page.locator("#unplaced").get_by_role("button", name="위기가구").click()
    expect(seat.test("incident-panel")).to_have_attribute("data-id", id)


def test_an_incident_is_chosen_on_the_map_and_acknowledged_in_the_notice(console, screen):
    seat = screen()
    page = seat.open("/")
    one = console.live.opened("XW-GASU-1", "near_miss", 2, domain="road")
    two = console.live.opened("XW-DAEHO-1", "near_miss", 2, domain="road")
    pins = page.locator(".pin")
    expect(pins).to_have_count(2)
    panel = seat.test("incident-panel")
    page.get_by_role("button", name="가수초").first.click()
    expect(panel).to_have_attribute("data-id", one)
    page.locator(".pin:not([data-selected='1'])").focus()
    page.keyboard.press("Enter")
    expect(panel).to_have_attribute("data-id", two)
    page.keyboard.press("KeyM")
    expect(page.locator("[data-testid=map] .leaflet-container")).to_have_attribute("data-near", "1")
    urgent = console.live.opened("HH-0071", "smoke_or_gas", 1)
    page.locator("#notice").get_by_role("button", name="지도").click()
    expect(panel).to_have_attribute("data-id", urgent)
    page.locator("#notice").get_by_role("button", name="확인").click()
    expect(seat.row(urgent)).to_have_attribute("data-state", "acknowledged")
    expect(page.locator("#notice")).to_be_hidden()


def test_the_weather_that_holds_is_said_and_gone_when_it_is_over(console, screen):
    seat = screen()
    page = seat.open("/")
    body = {"what": "weather", "value": "heavy_rain"}
    now = console.live.clock.now()
    console.live.turn([Draft("context.noted", "오산시", now, body | {"level": "warning"})])
    expect(page.locator("#weather")).to_contain_text("호우 경보 · 오산시")
    console.live.turn([Draft("context.noted", "오산시", now, body | {"level": "none"})])
    expect(page.locator("#weather")).to_be_hidden()


def test_a_click_outside_the_city_sets_no_place(console, screen):
    seat = screen()
    page = seat.open("/")
    page.click("#by-hand")
    box = seat.test("map").bounding_box()
    corner = {"x": 6, "y": box["height"] / 2}
    seat.test("map").click(position=corner)
    expect(page.locator("#toasts")).to_contain_text("시 밖입니다")
    page.fill("#sheet textarea", "경계 너머에서 온 전화")
    before = set(console.live.board.incidents)
    page.click("#sheet button[type=submit]")
    expect(page.locator("#sheet")).to_be_hidden()
    (id,) = set(console.live.board.incidents) - before
    assert console.live.board.get(id).place is None
    far = {"kind": "other", "text": "x", "place": {"lon": 129.0, "lat": 35.1}}
    headers = {"Origin": console.url}
    answer = page.request.post(f"{console.url}/api/v1/incidents", data=far, headers=headers)
    assert (answer.status, answer.json()["code"]) == (422, "far_away")


def test_a_picture_that_may_not_be_opened_here_is_named(console, screen):
    at = console.live.clock.now()
    told(console.live.store, at, "XW-GASU-1", snapshot="https://nvr.example/x/a.jpg?key=secret")
    seen = {"rule": "reported", "at": at, "subject": "XW-GASU-1", "severity": 2, "evidence": {"what": "fall"}}
    id = console.live.opened("XW-GASU-1", "fall", 2, domain="road", detections=[seen])
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    expect(page.locator(".media")).to_contain_text("nvr.example · a.jpg – 여기서 열 수 없음")
    assert "secret" not in page.content()


def test_what_moves_is_drawn_as_often_as_it_shows_and_goes_when_it_is_no_longer_heard_of(console, screen):
    seat = screen()
    page = seat.open("/")
    told = "import('/assets/live/objects.js').then((m) => "
    far, near = page.evaluate(told + "[m.pixelMs(13), m.pixelMs(18)])")
    assert (far > 500, near < 50) == (True, True)  # ms: from afar a car is no pixel further ten times a second
    frame = "{sites: {'XW-1': [1, 'vehicle', 127.07, 37.15, 8, 2, 'child', 127.07, 37.15, 1]}}"
    count = page.evaluate(told + f"(m.takeFrames({frame}, performance.now() - 3100), m.count()))")
    assert count == 2
    page.wait_for_function(told + "m.count() === 0)")


def test_the_shapes_of_incidents_are_no_layers_of_their_own(console, screen):
    id = console.live.opened("HH-0007", "inactivity", 2)
    seat = screen()
    page = seat.open("/")
    pins = page.locator(".pin-host")
    expect(pins).not_to_have_count(0)
    assert all("3d" not in style for style in pins.evaluate_all("(all) => all.map((el) => el.style.transform)"))
    seat.row(id).click()
    picked = page.locator(".pin[data-selected='1']")
    expect(picked).to_have_count(1)
    pane, pin = seat.test("map").bounding_box(), picked.bounding_box()
    assert abs(pin["x"] + pin["width"] / 2 - pane["x"] - pane["width"] / 2) < 30  # the map went to it
