"""The operator's work in a real browser: see, acknowledge, report, close; by mouse and by keyboard; two at once."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import expect

from connectors.telling import _value
from console.words import catalogue, say
from stream import readings
from stream.schema import US, Draft
from stream.vault import Identity
from tests.e2e import eyes


def test_a_new_incident_is_a_row_a_shape_and_a_notice(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0001", "smoke_or_gas", 1)
    row = seat.row(id)
    expect(row).to_be_visible()
    expect(row).to_have_attribute("data-priority", "P1")
    expect(row).to_have_attribute("data-state", "new")
    expect(row).to_contain_text("연기·가스")
    total = console.live.board.counts()["total"]
    expect(seat.test("queue")).to_have_attribute("data-total", str(total))
    expect(page.locator("#notice")).to_contain_text("연기·가스")
    expect(page.locator(".pin[data-p='1']").first).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-link", "up")
    assert page.title().startswith("(")


def test_acknowledge_by_mouse_is_seen_by_the_other_operator_at_once(console, screen):
    first, second = screen(), screen("second")
    first.open("/"), second.open("/")
    id = console.live.opened("HH-0002", "smoke_or_gas", 1)
    first.row(id).click()
    expect(first.page.locator(".factors").first.locator("li b")).to_have_text(["+50", "+37"])
    expect(first.page.locator(".factor-sum b")).to_have_text("= 87점 긴급")  # what stands above it
    expect(first.page.locator("[data-factor=waiting] em")).to_contain_text("순서만 앞당김")
    first.test("ack").click()
    for seat in (first, second):
        expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")
    assert console.live.board.get(id).acknowledged_by == "operator"
    expect(first.test("ack")).to_be_disabled()
    expect(first.test("timeline")).to_contain_text("확인")


def test_the_whole_work_by_keyboard(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0003", "smoke_or_gas", 1)
    seat.row(id).wait_for()
    place = page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)").index(id)
    for _ in range(place + 1):
        page.keyboard.press("KeyJ")
    expect(seat.row(id)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("KeyA")
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")
    page.keyboard.press("KeyX")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Enter")  # the first reason, never chosen beforehand
    page.keyboard.press("Enter")
    expect(seat.row(id)).to_have_count(0)
    found = console.live.board.get(id)
    assert (found.disposition, found.reason) == ("confirmed", "handled")


def test_keys_do_nothing_while_writing(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0004", "inactivity", 3)
    seat.row(id).click()
    page.keyboard.press("KeyN")
    page.keyboard.type("aaa xx 99 22")
    assert console.live.board.get(id).state == "new"
    assert page.locator(".note textarea").input_value() == "aaa xx 99 22"


def test_119_needs_one_confirm_and_a_double_click_is_one_report(console, screen):
    seat = screen()
    seat.open("/")
    id = console.live.opened("HH-0005", "smoke_or_gas", 1)
    seat.row(id).click()
    seat.test("escalate-119").click()
    sheet = seat.page.locator("#sheet")
    expect(sheet).to_contain_text("연기·가스")
    expect(sheet).to_contain_text("HH-0005의 주소는 보내지 않습니다")
    expect(sheet).to_contain_text("사람 (기관 화면)")
    expect(sheet).to_contain_text(f"{console.live.settings.undo_s:g}초 동안 취소")
    assert console.live.board.get(id).escalations == ()
    seat.test("escalate-confirm").dblclick()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")
    path = seat.page.get_by_role("img", name="신고 진행 7단계 중 1단계")
    expect(path.locator("i").nth(3)).to_have_attribute("title", "접수")
    found = console.live.board.get(id)
    assert [e.agency for e in found.escalations] == ["119"]
    assert console.live.kinds().count("escalation.requested") == 1
    seat.page.get_by_role("button", name=re.compile("취소")).click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "cancelled")


def test_what_changed_under_the_confirm_is_shown_and_asked_again(console, screen):
    seat = screen()
    seat.open("/")
    id = console.live.opened("HH-0006", "inactivity", 3)
    seat.row(id).click()
    seat.test("escalate-119").click()
    seat.test("escalate-confirm").wait_for()
    other = screen("second")
    other.open("/")
    other.row(id).click()
    other.test("ack").click()
    expect(seat.page.locator("#sheet .changed")).to_contain_text("확인")
    seat.test("escalate-confirm").click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")
    assert console.live.board.get(id).escalations[0].by == "operator"


def test_who_was_quicker_is_said_and_no_second_report_leaves(console, screen):
    seat, other = screen(), screen("second")
    id = console.live.opened("HH-0016", "smoke_or_gas", 1)
    for one in (seat, other):
        one.open("/")
        one.row(id).click()
        one.test("escalate-119").click()
        expect(one.test("escalate-confirm")).to_be_enabled()
    seat.test("escalate-confirm").click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")
    expect(other.page.locator("#sheet")).to_be_hidden()
    expect(other.page.locator("body")).to_contain_text("이미 신고했습니다")
    assert [e.generation for e in console.live.board.get(id).escalations] == [1]


def test_an_incident_without_a_place_says_so_before_it_is_reported(console, screen):
    seat = screen()
    seat.open("/")
    id = console.live.opened("case-9", "welfare_urgent", 2)
    seat.row(id).click()
    seat.test("escalate-112").click()
    expect(seat.page.locator("#sheet")).to_contain_text("위치 미상")
    seat.page.keyboard.press("Escape")
    expect(seat.page.locator("#sheet")).to_be_hidden()
    seat.test("escalate-112").click()
    seat.test("escalate-confirm").click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "requested")


def test_the_words_to_read_out_stand_there_when_no_answer_came(console, screen):
    seat = screen()
    seat.open("/")
    id = console.live.opened("HH-0007", "smoke_or_gas", 1)
    console.live.reported(id, "119", "sent")
    seat.row(id).click()
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "sent")
    body = {"agency": "119", "generation": 1, "key": f"{id}-119"}
    console.live.turn([Draft("escalation.unknown", id, console.live.clock.now(), body)])
    expect(seat.test("escalation-state")).to_have_attribute("data-state", "unknown")
    expect(seat.test("escalation-state")).to_contain_text("전화")
    expect(seat.test("escalation-state")).to_contain_text(id)


def test_a_note_survives_a_reload_until_it_is_sent(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0008", "inactivity", 3)
    seat.row(id).click()
    page.fill(".note textarea", "초인종에 답 없음 <b>굵게</b> 🙂 \u202e")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    seat.row(id).click()
    assert page.locator(".note textarea").input_value().startswith("초인종에 답 없음 <b>")
    page.click(".note button")
    expect(page.locator(".note textarea")).to_have_value("")
    assert console.live.board.get(id).notes == 1


def test_a_phone_call_is_opened_by_hand_and_selected(console, screen):
    seat = screen()
    page = seat.open("/")
    page.click("#by-hand")
    page.select_option("#sheet select", "missing_person")
    page.fill("#sheet textarea", "할머니가 안 보인다는 전화")
    page.click("#sheet button[type=submit]")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(seat.test("incident-panel")).to_contain_text("실종")
    expect(page.locator("[data-incident][aria-selected=true]")).to_have_count(1)


def test_the_list_does_not_jump_under_the_hand_but_a_P1_comes_on_top(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0009", "inactivity", 3)
    seat.row(id).click()
    order = page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)")
    waiting = console.live.opened("XW-GASU-1", "near_miss", 2, score=95)
    expect(page.locator("#pill")).to_be_visible()
    expect(seat.row(waiting)).to_have_count(1)
    now = page.locator("[data-incident]").evaluate_all("rows => rows.map(r => r.dataset.incident)")
    assert now == [*order, waiting]
    urgent = console.live.opened("HH-0010", "smoke_or_gas", 1)
    expect(seat.row(urgent)).to_have_count(1)
    assert page.locator("[data-incident]").first.get_attribute("data-incident") == urgent
    page.click("#pill")
    expect(page.locator("#pill")).to_be_hidden()
    assert page.locator("[data-incident]").last.get_attribute("data-incident") != waiting


def test_what_stands_in_one_bar_of_the_last_hour_stays_together(screen):
    page = screen().open("/")
    bars = page.evaluate("""async () => {
      const { barOf } = await import("/assets/live/strip.js");
      const now = 29_000_000 * 60_000;
      const bars = (s) => [2, 40, 58, 61].map((at) => barOf(now + at * 1000, now + 120_000 + s * 1000));
      return [1, 15, 30, 45, 59].map(bars);
    }""")
    assert bars == [[57, 57, 57, 58]] * 5


def test_each_new_alarm_reports_when_it_was_painted(console, screen):
    seat = screen()
    seat.open("/")
    console.live.opened("HH-0011", "smoke_or_gas", 1)
    expect(seat.test("latency")).to_have_attribute("data-p95-ms", re.compile(r"^\d+$"), timeout=10_000)


def test_a_person_is_shown_to_who_works_on_it_for_a_purpose_and_the_look_is_on_record(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0012", "smoke_or_gas", 1)
    known = Identity(name="홍길동", address="오산로 1", phone="010-0000-0000", birth_year=1945)
    console.live.vault.put_identity("HH-0012", known)
    seat.row(id).click()
    page.select_option(".people select", "contact")
    expect(page.locator("#toasts")).to_contain_text("맡았거나")
    seat.faults.clear()  # Chromium names the refusal
    seat.test("ack").click()
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")
    page.select_option(".people select", "contact")
    expect(page.locator(".identity")).to_contain_text("홍길동")
    expect(page.locator(".identity")).to_contain_text("출생연도1945")
    assert "access.looked" in console.live.kinds()
    other = console.live.opened("HH-0013", "smoke_or_gas", 1)
    seat.row(other).click()
    expect(page.locator(".identity")).to_have_count(0)
    assert "홍길동" not in page.content()


def test_an_incident_is_put_aside_rated_otherwise_and_opened_again(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0014", "inactivity", 3)

    def deed(name: str, reason: str = "") -> None:
        page.click("[data-act=more]")
        page.locator("#sheet").get_by_role("button", name=re.compile(rf"^{name}\s*[A-Z]$")).click()
        if reason:
            page.get_by_role("radio", name=reason).click()
        page.locator("#sheet button[type=submit]").click()
        expect(page.locator("#sheet")).to_be_hidden()

    seat.row(id).click()
    deed("보류", "지켜봄")
    expect(seat.row(id)).to_have_attribute("data-state", "shelved")
    deed("보류 해제")
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")
    deed("등급 변경", "더 심각함")
    expect(seat.row(id)).to_have_attribute("data-priority", "P1")
    page.keyboard.press("KeyX")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(seat.row(id)).to_have_count(0)
    deed("다시 열기", "다시 열림")
    expect(seat.row(id)).to_have_attribute("data-state", "acknowledged")


def test_a_note_of_fifty_thousand_characters_is_refused_with_a_word_and_kept(console, screen):
    seat = screen()
    page = seat.open("/")
    id = console.live.opened("HH-0015", "inactivity", 3)
    seat.row(id).click()
    page.fill(".note textarea", "긴 글 " * 12_500)
    expect(page.locator(".too-long")).to_contain_text("50,000")
    page.click(".note button")
    expect(page.locator("#toasts")).to_contain_text("4,000")
    assert len(page.locator(".note textarea").input_value()) == 50_000
    assert console.live.board.get(id).notes == 0


def test_a_confirm_goes_away_when_another_incident_is_chosen(console, screen):
    seat = screen()
    page = seat.open("/")
    one = console.live.opened("HH-0016", "smoke_or_gas", 1)
    two = console.live.opened("HH-0017", "smoke_or_gas", 1)
    seat.row(one).click()
    seat.test("escalate-119").click()
    expect(page.locator("#sheet")).to_contain_text("HH-0016")
    seat.row(two).click()
    expect(page.locator("#sheet")).to_be_hidden()
    assert console.live.board.get(one).escalations == console.live.board.get(two).escalations == ()


def test_a_broken_rhythm_shows_what_is_usual_and_how_long_it_is_now(console, screen):
    seat = screen()
    page = seat.open("/")
    at, told = console.live.clock.now(), {"waited_s": 25_415.0, "usual_s": 19_000.0, "usual_h": [2.5] * 17 + [3.3] * 7}
    seen = {"rule": "rhythm_break", "at": at, "subject": "HH-0020", "severity": 2, "evidence": told}
    id = console.live.opened("HH-0020", "rhythm_break", 3, detections=[seen])
    seat.row(id).click()
    words = ["평소 이 시간 최장 3.3시간", "경보 기준 5.3시간", "지금 7.1시간째"]
    expect(page.locator(".rhythm figcaption span")).to_have_text(words)
    expect(page.locator(".rhythm-usual rect")).to_have_count(24)


def test_a_home_s_day_stands_beside_its_fortnight_and_the_look_is_on_record(console, screen):
    now, hour = console.live.clock.now(), 3600 * US
    rows = [("HH-0021", now - (24 * n + h) * hour, "pir", "living", "", 1000) for n in range(1, 15) for h in (2, 4)]
    rows += [("HH-0021", now - (24 * n + h) * hour, "temperature", "living", "C", 21_000 if n else 15_000)
             for n in range(15) for h in range(24)]
    with console.live.store.begin() as conn:
        readings.save(conn, [*rows, ("HH-0021", now - 3 * hour, "door", "front", "", 0),
                             ("HH-0021", now - 2 * hour, "door", "front", "", 1000)])
    id = console.live.opened("HH-0021", "inactivity", 3)
    seat = screen()
    page = seat.open("/")
    seat.row(id).click()
    low = "▼ 평소보다 낮음"
    for lane, said in (("life", f"최근 6시간 1회평소 2회{low}"), ("temperature", f"15°C평소 21°C{low}")):
        expect(page.locator(f"[data-lane={lane}] figcaption")).to_contain_text(said)
    expect(page.locator("[data-lane=door]")).to_contain_text("열린 지 2시간")
    expect(page.locator("[data-lane=pir] .history-usual rect")).to_have_count(2)
    looks = [r.body["what"] for r in console.live.journal.read(kinds=["access.looked"]) if r.body.get("incident") == id]
    assert looks == ["history"]
    assert eyes.grave(page) == []
    seat.test("lang-en").click()
    expect(page.locator("[data-lane=door]")).to_contain_text("open for 2h")
    page.set_viewport_size({"width": 1024, "height": 768})
    assert [line for line in eyes.cut(page) if "history" in line] == eyes.bare_keys(page) == []
    assert [line for line in eyes.foreign(page, "en") if ".history" in line] == []
    looks = [r for r in console.live.journal.read(kinds=["access.looked"]) if r.body.get("incident") == id]
    assert len(looks) == 1  # another language is no other look
    seat.test("lang-ko").click()
    seat.row(console.live.opened("XW-GASU-1", "near_miss", 2, domain="road")).click()
    expect(page.locator(".history")).to_be_hidden()
    seat.row(id).click()
    expect(page.locator("[data-lane=life]")).to_be_visible()
    looks = [r for r in console.live.journal.read(kinds=["access.looked"]) if r.body.get("incident") == id]
    assert len(looks) == 1  # nor is who comes back to it soon


def test_what_the_panel_shows_of_the_evidence_is_what_a_report_says(console, screen):
    """``amount`` of describe.js and ``_value`` of telling.py: every evidence that has a word, in every form."""
    names = [key.partition(".")[2] for key in catalogue("ko") if key.startswith("evidence.")]
    forms = [0, 0.004, 0.93, 0.925, 7, 31.46, 59.96, 119.6, 125.5, 3600, 100_000.26, -3.5, True, False, "smoke", "mass",
             "near_miss", "nobody_knows", ["D01", "nobody_knows"], ["smoke", 0.5, True], [], {"a": 1}]
    shown = screen().open("/").evaluate(
        """async ([names, forms]) => {
            const { evidence } = await import("/assets/live/describe.js");
            return names.map((name) => forms.map((form) => evidence({ evidence: { [name]: form } })
                .map(([, text]) => text).join()));
        }""", [names, forms])
    told = [[_value(name, form, partial(say, "ko")) for form in forms] for name in names]
    differ = [(name, form, on_screen, in_report) for name, row, other in zip(names, shown, told, strict=True)
              for form, on_screen, in_report in zip(forms, row, other, strict=True) if on_screen != in_report]
    assert differ == []
