"""The pages of the office in a real browser: each deed once by mouse and once by keyboard."""

from __future__ import annotations

from playwright.sync_api import expect

from console.devices import wire
from stream.clock import format_kst
from stream.quarantine import save
from stream.schema import Draft, Quarantined
from tests.e2e.test_still import ALLOWED, PAINTED, WATCH


def test_an_auditor_searches_exports_checks_the_chain_and_signs_a_month(console, screen):
    now = console.live.clock.now()
    for by, what in (("kim", "identity"), ("lee", "board")):
        console.live.turn([Draft("access.looked", "HH-0031", now, {"what": what, "purpose": "verify"}, by)])
    id = console.live.opened()
    verdict = {"disposition": "false_alarm", "reason": "cooking"}
    console.live.turn([Draft("incident.resolved", id, now, verdict, "park")])
    page = screen("auditor").open("/audit")
    rows = page.locator("#audit-table-rows tr")
    place = page.locator("#chain button").bounding_box()
    page.locator("#search [name=by]").fill("park")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    for word in ("조치 완료", id, "오탐", "조리"):
        expect(rows).to_contain_text(word)
    assert page.locator("#chain button").bounding_box() == place, "what stands below a shorter list keeps its place"
    console.live.turn([Draft("incident.acknowledged", id, now, {}, "choi")] * 101)
    page.locator("#search [name=by]").fill("choi")
    page.get_by_label("행위", exact=True).select_option("acts")
    page.locator("#search [type=submit]").first.click()
    expect(rows).to_have_count(100)
    page.locator("#audit-more button").click()
    expect(rows).to_have_count(101)
    expect(page.locator("#audit-more button")).to_have_count(0)
    page.get_by_label("행위", exact=True).select_option("")
    page.locator("#search [name=by]").fill("kim")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("신원 열람")
    page.get_by_label("내보내는 사유").select_option("authority")
    with page.expect_download() as waited:
        page.locator("#audit-out button").click()
    assert "kim" in waited.value.path().read_text("utf-8-sig")
    page.locator("#search [name=by]").fill("")
    page.get_by_label("행위", exact=True).select_option("export")
    page.locator("#search [type=submit]").first.click()
    expect(rows).to_contain_text("감독기관 요구")
    page.locator("#chain button").press("Enter")
    expect(page.locator("#chain-result")).to_have_attribute("data-ok", "true")
    page.locator("#chain-result").evaluate("el => { delete el.dataset.ok }")
    page.locator("#chain button").click()
    expect(page.locator("#chain-result")).to_have_attribute("data-ok", "true")
    page.get_by_test_id("sign-review").click()
    expect(page.locator("#review-state")).to_contain_text("auditor 점검: 이상 없음")


def test_an_admin_makes_an_account_and_its_owner_alone_knows_the_password(console, screen, chromium):
    page = screen("admin").open("/admin")
    page.fill("#new-account [name=user]", "night1")
    page.keyboard.press("Enter")
    secret = page.locator("#account-secret code").inner_text()
    row = page.locator("[data-user=night1]")
    expect(row).to_contain_text("비밀번호 정하기 전")
    theirs = chromium.new_context().new_page()
    theirs.goto(f"{console.url}/login")
    theirs.fill("[data-testid=login-user]", "night1")
    theirs.fill("[data-testid=login-password]", secret)
    theirs.keyboard.press("Enter")
    for name in ("new", "again"):
        theirs.fill(f"[data-testid=login-{name}]", "a password of my own")
    theirs.keyboard.press("Enter")
    theirs.wait_for_selector("body[data-ready]")
    assert theirs.url == console.url + "/"
    shut = row.locator("[data-act=disable]")
    shut.click()
    assert console.app.extensions["gwanje"]["accounts"].get("night1").disabled is False, "one press does nothing"
    shut.click()
    expect(row).to_contain_text("중지됨")
    expect(theirs.get_by_test_id("login-told")).to_have_text("이 계정은 사용이 중지되었습니다.")
    theirs.context.close()
    row.locator("[data-act=enable]").press("Enter")
    expect(shut).to_be_visible()
    row.locator("select").first.select_option("auditor")
    give = row.locator("button").first
    give.click()
    give.click()
    expect(give).to_be_hidden()  # the row is drawn anew as it is now
    expect(row.locator("select").first).to_have_value("auditor")
    assert console.app.extensions["gwanje"]["accounts"].get("night1").role == "auditor"


def test_an_admin_makes_a_board_s_link_and_revokes_it(console, screen):
    page = screen("admin").open("/admin")
    page.fill("#new-token [name=token]", "hall")
    page.get_by_label("종류").select_option("board")
    page.locator("#new-token [type=submit]").click()
    link = page.locator("#token-secret code").inner_text()
    assert link.startswith(f"{console.url}/school/SZ-") and "?board=" in link
    page.locator("#token-secret button").press("Enter")
    expect(page.locator("#token-secret")).to_be_empty()
    end = page.locator("[data-token=hall] button")
    end.press("Enter")
    end.press("Enter")
    expect(page.locator("[data-token=hall]")).to_have_count(0)
    page.fill("#new-token [name=token]", "post")
    page.keyboard.press("Enter")
    other = page.locator("[data-token=post] button")
    other.click()
    other.click()
    expect(page.locator("[data-token=post]")).to_have_count(0)


def _put_aside(live, raw, source):
    rows, more = live.house.quarantine.hold([Quarantined(raw, "no_json", "line 1", source, live.clock.now())], 0)
    live.vault.flush()
    with live.store.begin() as conn:
        save(conn, rows, more)


def test_a_supervisor_looks_into_the_quarantine_and_sees_to_it(console, screen):
    for source in ("/device/d1", "/device/d1", "/device/d2"):
        _put_aside(console.live, b"{junk", source)
    page = screen("supervisor").open("/quarantine")
    row = page.locator("[data-source='/device/d1']")
    expect(row.locator(".sender")).to_have_text("d1")
    expect(row).to_contain_text("JSON이 아닙니다")
    expect(row).to_contain_text("보낸 장비·시스템")
    row.locator("[data-act=look]").click()
    expect(page.locator("#quarantine-raw pre")).to_have_text("{junk")
    row.locator("[data-act=again]").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("다시 판정에 넣었습니다")
    row.get_by_label("무엇을 했습니까").select_option("known")
    settle = row.locator("[data-act=settle]")
    settle.click()
    settle.click()
    expect(row).to_have_count(0)
    expect(page.locator("#quarantine-sums")).to_contain_text("남은 것 1건")


def test_a_broken_device_stands_first_is_settled_and_put_under_maintenance(console, screen, monkeypatch):
    live = console.live
    monkeypatch.setattr(live, "spoke", lambda source: 0)  # no device was ever heard
    one, two = [wire(id) for id in list(live.house.city.sources)[:2]]
    for source, code in ((one, "tamper"), (two, "silent")):
        live.turn([Draft("device.noted", source, live.clock.now(), {"code": code})])
    page = screen().open("/devices")
    rows = page.locator("#device-table-rows tr")
    expect(rows.nth(0)).to_contain_text("살펴볼 장비 2대")
    expect(rows.nth(1)).to_have_attribute("data-device", two)
    expect(page.locator("[data-device]")).to_have_count(2)  # what was never heard is folded
    page.locator("[data-group=unheard]").press("Enter")
    expect(page.locator("[data-device]")).to_have_count(62)
    page.get_by_label("장비, 설치 지점, 상태로 찾기").fill("훼손")
    expect(page.locator("[data-device]")).to_have_count(1)
    row = page.locator(f"[data-device='{one}']")
    row.get_by_label("어떻게 처리했습니까").select_option("repaired")
    row.locator("[data-act=settle]").click()
    row.locator("[data-act=settle]").click()
    expect(page.locator("[data-device]")).to_have_count(0)
    page.get_by_label("장비, 설치 지점, 상태로 찾기").fill(two)
    page.locator(f"[data-device='{two}'] [data-act=maintain]").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-suppressed=maintenance]")).to_contain_text(two.removeprefix("/device/"))
    expect(page.locator("#device-table-rows")).not_to_contain_text("/device/")
    expect(page.locator(f"[data-device='{two}']")).to_contain_text("까지")


def test_a_p1_is_seen_on_every_page_of_who_may_answer_it_and_over_a_look_back(console, screen):
    live = console.live
    before = format_kst(live.clock.now()).replace("+", "%2B")
    page = screen("supervisor").open("/kpi")
    strip = page.locator("#alert")
    expect(strip).to_contain_text("지금 미확인")
    page.evaluate(WATCH)
    id = live.opened("HH-0044", "smoke_or_gas", 1)
    expect(strip).to_have_attribute("data-urgent", "1")
    for word in ("실시간", "긴급", "연기·가스", "HH-0044"):
        expect(strip).to_contain_text(word)
    expect(page).to_have_title("(1) 오산 통합관제")
    assert sum(shift[0] for shift in page.evaluate(PAINTED)) <= ALLOWED
    with page.context.expect_page() as opened:
        strip.locator("a").click()
    expect(opened.value.get_by_test_id("incident-panel")).to_contain_text("HH-0044")
    opened.value.close()
    page.goto(f"{console.url}/replay?at={before}")
    over = page.locator("#notice [data-alert]")
    expect(over).to_contain_text("실시간")
    expect(over).to_have_attribute("data-alert", id)
    live.turn([Draft("incident.acknowledged", id, live.clock.now(), {}, "kim")])
    expect(over).to_have_count(0)
