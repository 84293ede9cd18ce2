"""Two rooms at work: the operator hands over, the liaison answers by touch and by keyboard, both talk."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import expect

from stream.reports import key_of
from stream.schema import Draft
from tests.console.test_api_media import KINDS, Camera
from tests.e2e import eyes
from tests.e2e.conftest import Console
from tests.e2e.test_queue import COUNT_TONES
from tests.e2e.test_still import ALLOWED, PAINTED, WATCH
from tests.replay.test_media import told

TABLETS = ((1024, 768), (1280, 800))
SMALL = """(buttons) => [...document.querySelectorAll(
  `${buttons}, select, summary, .chips span, input:not([type=radio]), textarea`)]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 48).map((e) => e.outerHTML)"""


def grey(width: int, height: int) -> bytes:
    """A grey picture as PNG."""
    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x90" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


@pytest.fixture(scope="module")
def camera():
    """Somebody's recorder on the loopback."""
    KINDS["a.png"] = (grey(320, 180), "image/png")
    made = Camera()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.fixture(scope="module")
def console(tmp_path_factory, camera):
    """A console that may fetch from that recorder."""
    made = Console(tmp_path_factory.mktemp("house"), media_hosts=(camera.host,))
    yield made
    made.close()


def left(console, id: str, agency: str = "119") -> None:
    """What the outbox does when a report is due: it has left the house and arrived."""
    from stream.bodies import Progress
    from stream.kinds import draft

    now = console.live.clock.now()
    body = Progress(agency, 1, key_of(id, agency, 1), receipt="119-00001")
    console.live.turn([draft(f"escalation.{state}", id, now, body, "outbox") for state in ("sent", "delivered")])


def handed_over(console, operator, subject: str) -> str:
    """The operator reports an incident to 119 by the two-step confirm."""
    id = console.live.opened(subject, "smoke_or_gas", 1)
    operator.row(id).click()
    operator.test("escalate-119").click()
    operator.test("escalate-confirm").click()
    expect(operator.test("escalation-state")).to_have_attribute("data-state", "requested")
    left(console, id)
    return id


def test_by_touch_from_the_report_to_its_end_and_both_talk(console, screen, chromium):
    operator, liaison = screen("operator"), screen("liaison_119", width=1024, height=768)
    operator.open("/")
    page = liaison.open("/liaison/119")
    id = handed_over(console, operator, "HH-0051")
    page.locator(f"[data-handed='{id}']").click()
    expect(page.locator("#handed")).to_contain_text("연기 흡입")
    card = operator.test("escalation-state")
    liaison.test("liaison-accept").click()
    expect(card).to_have_attribute("data-state", "accepted")
    liaison.test("liaison-dispatch").click()
    page.fill("input[name=unit]", "구조 1")
    page.get_by_role("radio", name="10분").check()
    liaison.test("liaison-send").click()
    expect(card).to_have_attribute("data-state", "dispatched")
    expect(card).to_contain_text("구조 1")
    expect(card).to_contain_text("도착까지 10분")
    liaison.test("liaison-message").click()
    page.get_by_role("radio", name="사람 수·상태").check()
    liaison.test("liaison-send").click()
    talk = operator.test("talk-119")
    expect(talk).to_contain_text("추가요청: 사람 수·상태")
    operator.page.fill(".talk-form textarea", "한 분이 안에 계십니다")
    operator.page.press(".talk-form textarea", "Tab")
    operator.page.keyboard.press("Enter")
    expect(liaison.test("talk-119")).to_contain_text("한 분이 안에 계십니다")
    expect(talk).to_contain_text("읽음")
    expect(liaison.test("talk-119")).to_contain_text("읽음")
    liaison.test("liaison-arrive").click()
    liaison.test("liaison-close").click()
    page.get_by_role("radio", name="이송").check()
    liaison.test("liaison-send").click()
    expect(card).to_have_attribute("data-state", "closed")
    for deed in ("출동", "현장 도착", "기관 대화"):
        expect(operator.test("timeline")).to_contain_text(deed)
    expect(liaison.test("handed-state")).to_have_attribute("data-state", "closed")
    looks = [r for r in console.live.journal.read(kinds=["access.looked"]) if r.subject == id]
    assert {r.body["what"] for r in looks} >= {"handed", "messages"}


def test_by_keyboard_a_no_with_its_reason_reaches_the_operator_as_a_phone_card(console, screen):
    operator, liaison = screen("operator"), screen("liaison_119", width=1280, height=800)
    operator.open("/")
    page = liaison.open("/liaison/119")
    id = handed_over(console, operator, "HH-0052")
    page.locator(f"[data-handed='{id}']").focus()
    page.keyboard.press("Enter")
    liaison.test("liaison-reject").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(operator.test("escalation-state")).to_have_attribute("data-state", "rejected")
    expect(operator.test("escalation-state")).to_contain_text("출동대 없음")
    expect(operator.page.locator(".phone")).to_be_visible()
    liaison.test("liaison-accept").focus()
    page.keyboard.press("Enter")
    expect(operator.test("escalation-state")).to_have_attribute("data-state", "accepted")


def test_a_word_without_an_answer_is_heard_once_and_waits_in_sight_until_it_is_answered_or_needs_none(console, screen):
    id = console.live.opened("HH-0053", "smoke_or_gas", 1)
    console.live.reported(id, "119", "accepted")
    operator = screen("operator")
    desk = operator.open("/")
    desk.locator("#search").click()  # a browser lets nothing be heard before that
    expect(desk.locator("#sound")).to_have_attribute("data-state", "on")
    desk.evaluate(COUNT_TONES)
    liaison = screen("liaison_119", width=1024, height=768)
    page = liaison.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    page.fill(".talk-form textarea", "문이 잠겨 있습니다 <b>👮‍♀️</b>")
    page.get_by_role("button", name="보내기").click()
    expect(operator.row(id)).to_contain_text("답변 대기")
    expect(desk.locator("#spoken")).to_contain_text("119 답변 대기")
    assert desk.evaluate("window.tones % 5") == 3  # a P2's three, beside any number of a P1's five
    operator.row(id).click()
    expect(operator.test("talk-119")).to_contain_text("문이 잠겨 있습니다 <b>👮‍♀️</b>")
    expect(liaison.test("talk-119")).to_contain_text("읽음")
    expect(operator.row(id)).to_contain_text("답변 대기")  # read is not answered
    expect(desk.locator(".panel-marks")).to_contain_text("119 답변 대기")
    desk.get_by_role("button", name="답변 필요 없음").click()
    expect(operator.row(id)).not_to_contain_text("답변 대기")
    page.fill(".talk-form textarea", "열쇠가 있습니까")
    page.get_by_role("button", name="보내기").click()
    liaison.test("liaison-reject").click()
    page.get_by_role("radio", name="관할이 아님").check()
    liaison.test("liaison-send").click()
    expect(operator.test("escalation-state")).to_contain_text("관할이 아님")
    expect(operator.row(id)).to_contain_text("답변 대기")  # over for the agency, not answered
    desk.get_by_role("button", name="119 답변 대기").click()
    desk.keyboard.type("관리실에")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(operator.row(id)).not_to_contain_text("답변 대기")
    expect(desk.locator(".panel-marks")).not_to_contain_text("답변 대기")


def said(console, id: str, agency: str, text: str) -> None:
    """The control room writes to an agency."""
    ref = console.live.vault.seal(id, text, "message")
    body = {"agency": agency, "side": "room", "text_ref": ref}
    console.live.turn([Draft("talk.said", id, console.live.clock.now(), body, "kim")])


def looks(console, id: str) -> list[str]:
    """What was looked at of an incident, in order."""
    return [r.body["what"] for r in console.live.journal.read(kinds=["access.looked"]) if r.subject == id]


def test_four_tabs_show_the_map_the_talks_and_the_records_of_what_was_handed_over(console, screen):
    live = console.live
    first = screen("liaison_112").open("/liaison/112#tab=talk")  # "choose on the left" stands only beside something
    assert bool(first.locator("#choose").inner_text()) == bool(first.locator("#cards .card").count())
    here, there, lost, kept, gone = (live.opened(subject, kind, 1) for subject, kind in (
        ("HH-0056", "smoke_or_gas"), ("XW-GASU-1", "collision"), ("nowhere", "sos"), ("HH-0057", "sos"),
        ("HH-0058", "fall_reported")))
    for id, state in ((here, "sent"), (there, "dispatched"), (lost, "accepted"), (gone, "closed")):
        live.reported(id, "112", state)
    live.reported(kept, "119", "sent")
    said(console, here, "112", "열쇠는 관리실에 있습니다")
    said(console, there, "112", "차선 하나를 막았습니다")
    liaison = screen("liaison_112", width=1024, height=768)
    page = liaison.open("/liaison/112")
    handed = int(page.locator("#cards").get_attribute("data-total"))
    expect(page.locator("#tab-open")).to_have_text(f"요청 {handed}")
    page.locator("#tab-map").click()
    pin = page.get_by_role("button", name="충돌 사고 출동")
    expect(pin).to_be_visible()
    expect(page.locator(".pin")).to_have_count(handed - 1)  # of the city's other incidents, 119's among them, none
    expect(page.locator(f"[data-lost='{lost}']")).to_contain_text("접수")
    pin.click()
    expect(page.locator("#handed")).to_have_attribute("data-id", there)
    expect(page.locator("#tab-open")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.locator("#tab-map")).to_have_attribute("aria-selected", "true")
    expect(pin).to_be_visible()
    page.locator("#tab-talk").click()
    expect(page.locator("#cards .card").first).to_have_attribute("data-handed", there)  # the latest word is first
    expect(page.locator("#tab-talk")).to_have_text("대화 2새 1")  # the talk of the chosen one stands on the screen
    page.locator(f"[data-handed='{here}']").click()
    expect(liaison.test("talk-112")).to_contain_text("열쇠는 관리실에 있습니다")
    expect(page.locator("#tab-talk")).to_have_text("대화 2")
    page.fill(".talk-form textarea", "받으러 갑니다")
    page.get_by_role("button", name="보내기").click()
    expect(liaison.test("talk-112")).to_contain_text("받으러 갑니다")
    expect(page.locator("#cards .card").first).to_have_attribute("data-handed", here)
    assert looks(console, here).count("messages") >= 1 and "handed" not in looks(console, here)
    page.locator("#tab-map").click()
    expect(pin).to_be_visible()
    page.evaluate(WATCH)
    said(console, there, "112", "견인차가 옵니다")
    expect(page.locator("#tab-talk")).to_have_text("대화 2새 1")
    assert sum(shift[0] for shift in page.evaluate(PAINTED)) <= ALLOWED
    verdict = {"disposition": "confirmed", "reason": "fire"}
    live.turn([Draft("incident.resolved", gone, live.clock.now(), verdict, "kim")])
    page.locator("#tab-past").click()
    page.locator("#past-before").click()
    expect(page.locator(f"[data-handed='{gone}']")).to_be_visible()  # the first step is today
    page.locator("#past-before").click()
    expect(page.locator("#cards")).to_contain_text("끝난 상황이 없습니다")
    page.locator("#past-all").click()
    page.locator(f"[data-handed='{gone}']").click()
    expect(liaison.test("handed-state")).to_have_attribute("data-state", "closed")
    page.reload()
    expect(page.locator("#tab-past")).to_have_attribute("aria-selected", "true")
    assert kept not in page.content()
    assert "handed" in looks(console, there) and "handed" in looks(console, gone)


@pytest.mark.parametrize(("width", "height"), TABLETS)
def test_whatever_is_pressed_is_big_enough_for_a_thumb(console, screen, width, height):
    id = console.live.opened("HH-0054", "smoke_or_gas", 1)
    console.live.reported(id, "112", "accepted")
    liaison = screen("liaison_112", width=width, height=height)
    page = liaison.open("/liaison/112")
    page.locator(f"[data-handed='{id}']").click()
    page.locator(".links summary").click()
    for verb in ("dispatch", "reject", "close", "message"):
        liaison.test(f"liaison-{verb}").click()
        expect(page.locator(".handed-form form")).to_be_visible()
        assert page.evaluate(SMALL, "button:not(.pin)") == [], verb  # the small map is to look at
        wide = page.locator(".handed-one").evaluate("e => e.scrollWidth - e.clientWidth")
        assert wide <= 0, verb
    for tab in ("map", "talk", "past"):
        page.locator(f"#tab-{tab}").click()
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
        assert page.evaluate(SMALL, "button") == [], tab
        assert eyes.bare_keys(page) + eyes.cut(page) + eyes.grave(page) == [], tab


def test_a_link_is_made_opened_and_ended(console, screen, chromium):
    id = console.live.opened("HH-0055", "smoke_or_gas", 1)
    console.live.reported(id, "119", "accepted")
    liaison = screen("liaison_119", width=1280, height=800)
    page = liaison.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    page.locator(".links summary").click()
    liaison.test("link-make").click()
    url = liaison.test("link-url").input_value()
    context = chromium.new_context(viewport={"width": 1024, "height": 768})
    guest = context.new_page()
    guest.goto(url)
    expect(guest.locator("[data-testid=guest]")).to_contain_text("연기·가스 감지")
    assert "HH-0055" not in guest.content()
    page.locator(".link-rows button").click()
    expect(page.locator(".link-rows li")).to_have_count(0)
    assert guest.goto(url).status == 410
    expect(guest.locator("main")).to_contain_text("관제에서 끝냈습니다")
    context.close()


def test_a_still_is_seen_on_the_tablet_by_a_press_and_the_look_is_on_record(console, screen, camera):
    at, site = console.live.clock.now(), "XW-GASU-1"
    told(console.live.store, at, site, snapshot=f"http://{camera.host}/a.png?key=secret")
    seen = {"rule": "reported", "at": at, "subject": site, "severity": 2, "evidence": {"what": "fall"}}
    id = console.live.opened(site, "fall", 2, domain="road", detections=[seen])
    console.live.reported(id, "119", "accepted")
    liaison = screen("liaison_119", width=1024, height=768)
    page = liaison.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    expect(page.locator(".handed-media li")).to_have_count(1)
    assert camera.asked == []
    page.locator(".handed-media button").focus()
    page.keyboard.press("Enter")
    picture = page.locator(".handed-media img")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.handed-media img').naturalWidth === 320")
    assert "secret" not in page.content() and "127.0.0.1" not in page.content()
    looks = [r.body["what"] for r in console.live.journal.read(kinds=["access.looked"]) if r.subject == id]
    assert looks.count("snapshot") == 1
