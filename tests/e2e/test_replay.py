"""A look back in the browser: jump, play, lanes, what moved, who did what, a note that the operator never sees."""

from __future__ import annotations

from playwright.sync_api import expect

from cep.procedures import load_procedures
from stream import tape
from stream.clock import format_kst
from stream.schema import US, Draft, Event, RoadFrame, RoadObject
from tests.e2e import eyes

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


def become(live, id: str, kind: str) -> None:
    """A detection of another kind leads the incident from now on; the console has the real procedures."""
    object.__setattr__(live.house, "procedures", tuple(load_procedures()))
    at = a_moment_later(live)
    seen = {"rule": kind, "at": at, "subject": SITE, "severity": 3, "evidence": {}}
    live.turn([Draft("incident.attached", id, at, {"detection": seen, "kind": kind, "domain": "road"})])


def a_moment_later(live) -> int:
    """The time, once the records before it are some milliseconds old: a look back goes by milliseconds."""
    at = live.clock.now()
    while live.clock.now() < at + 4000:
        pass
    return live.clock.now()


def test_a_supervisor_looks_back_at_an_incident_and_what_became_of_it(console, screen) -> None:
    at = format_kst(console.live.clock.now()).replace("+", "%2B")
    id = crossed(console.live)
    operator = screen("operator")
    operator.open("/")
    operator.row(id).click()
    operator.page.keyboard.press("KeyA")
    expect(operator.row(id)).to_have_attribute("data-state", "acknowledged")
    become(console.live, id, "sos")
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
    steps = page.locator(".step-list li")
    expect(steps).to_have_count(6)  # of a near miss; a call for help has as many, and is told by another record
    expect(steps.first).to_contain_text("횡단보도 재현과 영상으로")
    page.get_by_role("button", name="다음 기록").click()
    expect(steps.first).to_contain_text("누가 어디서 눌렀는지")
    page.get_by_role("button", name="앞 기록").click()
    expect(steps.first).to_contain_text("횡단보도 재현과 영상으로")


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


def test_it_is_played_paused_sped_up_and_stepped_by_keyboard_and_mouse(console, screen) -> None:
    first = console.live.opened("HH-0033", "smoke_or_gas", 1)
    at = a_moment_later(console.live)
    last = console.live.opened("HH-0034", "inactivity", 3)
    a_moment_later(console.live)
    console.live.turn([Draft("incident.acknowledged", first, console.live.clock.now(), {}, "kim")])
    seat = screen("supervisor")
    page = seat.open("/replay?at=" + format_kst(at // 1000 * 1000).replace("+", "%2B"))
    expect(seat.row(last)).to_have_count(0)
    page.get_by_role("button", name="다음 기록").focus()
    page.keyboard.press("Enter")  # record by record: the second incident comes, then the deed
    expect(page.locator("#replay-record")).to_contain_text("#")
    expect(seat.row(last)).to_have_count(1)
    expect(seat.row(first)).to_have_attribute("data-state", "new")
    page.keyboard.press("Enter")
    expect(seat.row(first)).to_have_attribute("data-state", "acknowledged")
    page.get_by_role("button", name="앞 기록").click()
    expect(seat.row(first)).to_have_attribute("data-state", "new")
    page.get_by_role("button", name="앞 상황").click()  # by opening
    expect(seat.row(last)).to_have_count(0)
    slider = seat.test("replay-slider")
    slider.focus()
    page.keyboard.press("Home")
    expect(seat.row(first)).to_have_count(0)
    page.locator("[data-speed='16']").click()
    expect(page.locator("[data-speed='16']")).to_have_attribute("aria-pressed", "true")
    page.locator("#replay-play").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#replay-play")).to_have_text("멈춤")
    page.keyboard.press("Enter")
    expect(page.locator("#replay-play")).to_have_text("재생")
    stood = page.locator("#replay-at").inner_text()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator("#replay-at").inner_text() == stood


def test_the_look_back_is_whole_on_a_tablet_in_both_languages(console, screen) -> None:
    id = console.live.opened("HH-0035", "smoke_or_gas", 1)
    console.live.reported(id, "119", "accepted")
    seat = screen("supervisor", width=1024, height=768)
    page = seat.open("/replay?at=" + format_kst(console.live.clock.now() + US).replace("+", "%2B"))
    seat.row(id).click()
    faults = []
    for lang in ("ko", "en"):
        seat.test(f"lang-{lang}").click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        for part in ("figures", "deeds", "notes"):
            page.click(f"#review [data-part={part}]")
            expect(page.locator(f"#review [data-part={part}]")).to_have_attribute("aria-selected", "true")
            # the queue's rows and the notice end in dots where a place is long: their panel says it whole
            faults += [f"{lang} {part}: {c}" for c in eyes.cut(page) if "row-" not in c and "notice-" not in c]
        page.click("#review [data-part=figures]")
        expect(page.locator(".moments td")).not_to_have_count(0)
        tall = page.locator(".moments td").evaluate_all("cells => Math.max(...cells.map((c) => c.offsetHeight))")
        faults += [f"{lang}: a cell of {tall} px"] if tall > 40 else []  # one line, not a letter a line
        boxes = [page.locator(s).bounding_box() for s in ("#strip-bars", "#replay-play", "#replay-live", ".strip-head")]
        bars, play, live, head = boxes
        assert head["x"] + head["width"] <= bars["x"] + 1 and bars["x"] + bars["width"] <= play["x"]
        assert live["y"] + live["height"] <= 768 and seat.test("replay-slider").bounding_box()["y"] < 745
    seat.test("lang-ko").click()
    assert faults == []


def test_a_look_back_that_names_no_moment_begins_at_the_last_opening(console, screen) -> None:
    id = console.live.opened("HH-0044", "inactivity", 2)
    seat = screen("supervisor")
    page = seat.open("/replay")
    expect(seat.row(id)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("incident-panel")).to_have_attribute("data-id", id)
