"""Two rooms at work: the operator hands over, the liaison answers by touch and by keyboard, both talk."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import expect

from stream.reports import key_of
from tests.console.test_api_media import KINDS, Camera
from tests.e2e.conftest import Console
from tests.replay.test_media import told

TABLETS = ((1024, 768), (1280, 800))


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


def test_an_unread_message_marks_the_queue_without_a_sound(console, screen):
    id = console.live.opened("HH-0053", "smoke_or_gas", 1)
    console.live.reported(id, "119", "accepted")
    operator = screen("operator")
    operator.open("/")
    liaison = screen("liaison_119", width=1024, height=768)
    page = liaison.open("/liaison/119")
    page.locator(f"[data-handed='{id}']").click()
    page.fill(".talk-form textarea", "문이 잠겨 있습니다 <b>👮‍♀️</b>")
    page.get_by_role("button", name="보내기").click()
    expect(operator.row(id)).to_contain_text("메시지 1")
    operator.row(id).click()
    expect(operator.test("talk-119")).to_contain_text("문이 잠겨 있습니다 <b>👮‍♀️</b>")
    expect(operator.row(id)).not_to_contain_text("메시지 1")
    liaison.test("liaison-reject").click()
    page.get_by_role("radio", name="관할이 아님").check()
    liaison.test("liaison-send").click()
    expect(operator.test("escalation-state")).to_contain_text("관할이 아님")


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
        small = page.evaluate(
            "[...document.querySelectorAll('button:not(.pin), select, summary, .chips span, input:not([type=radio]),"
            " textarea')]"
            ".filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 48).map((e) => e.outerHTML)")
        assert small == [], verb
        wide = page.locator(".handed-one").evaluate("e => e.scrollWidth - e.clientWidth")
        assert wide <= 0, verb


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
