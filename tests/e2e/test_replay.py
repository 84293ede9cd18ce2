"""A look back in the browser: jump, play, lanes, what moved, who did what, a note that the operator never sees."""

from __future__ import annotations

from playwright.sync_api import expect

from stream import tape
from stream.clock import format_kst
from stream.schema import US, Event, RoadFrame, RoadObject

SITE = "XW-GASU-1"


def crossed(live) -> str:
    """A near miss, with ten seconds of a car on the tape from the moment on."""
    now = live.clock.now()
    for n in range(100):
        at = now + n * US // 10
        car = RoadObject(id=1, cls="vehicle", x=n * 0.3 - 15, y=3.0, vx=3.0, vy=0.0)
        event = Event(id=str(n), source="/device/r", type="city.road.frame", time=at, subject=SITE,
                      data=RoadFrame(site=SITE, objects=[car]), at=at)  # fmt: skip
        with live.store.begin() as conn:
            tape.append(conn, tape.last_turn(conn) + 1, at, [event])
    return live.opened(SITE, "near_miss", 2)


def test_a_supervisor_looks_back_at_an_incident_and_what_became_of_it(console, screen) -> None:
    at = format_kst(console.live.clock.now()).replace("+", "%2B")
    id = crossed(console.live)
    operator = screen("operator")
    operator.open("/")
    operator.row(id).click()
    operator.page.keyboard.press("KeyA")
    expect(operator.row(id)).to_have_attribute("data-state", "acknowledged")
    seat = screen("supervisor")
    page = seat.open("/replay?at=" + at)
    expect(seat.row(id)).to_have_count(0)
    field = page.locator("#slider form input")
    field.fill(id)
    field.press("Enter")
    expect(seat.row(id)).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-moment=ack] td").nth(2)).to_have_text("operator")
    expect(seat.test("ack")).to_be_disabled()
    page.wait_for_function("import('/assets/live/objects.js').then((m) => m.count() === 1)")
    moved = page.locator("#replay-at").inner_text()
    page.click("#replay-play")
    page.wait_for_function("was => document.getElementById('replay-at').textContent > was", arg=moved)
    page.click("#replay-play")
    page.click("#review [data-part=deeds]")
    expect(page.locator(".deeds li[data-kind='incident.acknowledged']")).to_contain_text("operator")
    page.click(".deeds li[data-kind='incident.acknowledged'] .jump")
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")


def test_a_note_for_training_stays_in_the_look_back(console, screen) -> None:
    id = console.live.opened("HH-0031", "smoke_or_gas", 1)
    seat = screen("supervisor")
    page = seat.open("/replay?at=" + format_kst(console.live.clock.now()).replace("+", "%2B"))
    seat.row(id).click()
    page.click("#review [data-part=notes]")
    page.fill("#review textarea", "전화가 늦었다 <b>굵게</b>")
    page.click(".training-form button")
    expect(page.locator(".training li p")).to_have_text("전화가 늦었다 <b>굵게</b>")
    operator = screen("operator")
    operator.open("/")
    operator.row(id).click()
    expect(operator.test("timeline")).to_contain_text("상황 접수")
    expect(operator.page.locator("body")).not_to_contain_text("전화가 늦었다")


def test_the_lanes_are_a_way_to_a_moment_and_a_wrong_word_is_said(console, screen) -> None:
    console.live.opened("HH-0032", "smoke_or_gas", 1)
    seat = screen("operator")
    page = seat.open("/?at=" + format_kst(console.live.clock.now()).replace("+", "%2B"))
    expect(page.locator("#review")).to_have_count(0)  # what each person did is the supervisor's to see
    lanes = seat.test("lanes")
    page.wait_for_function("document.querySelector('.lanes').getAttribute('aria-label')")
    box = lanes.bounding_box()
    before = page.locator("#replay-at").inner_text()
    page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + 20)
    page.wait_for_function("was => document.getElementById('replay-at').textContent < was", arg=before)
    field = page.locator("#slider form input")
    field.fill("99:99")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#replay-record")).to_have_text("없음")
    seat.faults.clear()  # Chromium names the 404 of a jump to nothing
