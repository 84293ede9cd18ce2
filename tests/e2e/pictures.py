"""``python -m tests.e2e.pictures``: retake the pictures of the documentation, one of each page, in Korean.

A demo console (``run.py demo``, the simulated day ten times as fast) is started, each role signs in, each page is shot
into ``docs/img``. Look at them before they are committed: they show what this console is now.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.screen import FLAGS, console, sign_in
from tests.needs import find
from tests.servers import ROOT

Shot = tuple[str, str, str, tuple[int, int]]
DESK, TABLET, WALL = (1920, 1080), (1280, 800), (3840, 2160)
# Name of the picture, role, path ("" = the role's first page), size.
SHOTS: tuple[Shot, ...] = (
    ("operator", "operator", "/", DESK), ("wall", "operator", "/wall?diagonal=86&distance=5", WALL),
    ("kpi", "operator", "/kpi", DESK), ("devices", "operator", "/devices", DESK),
    ("replay", "supervisor", "/replay", DESK), ("incident", "supervisor", "/", DESK),
    ("rules", "supervisor", "/rules", DESK), ("quarantine", "supervisor", "/quarantine", DESK),
    ("liaison", "liaison_119", "", TABLET), ("liaison_map", "liaison_119", "/liaison/119#tab=map", TABLET),
    ("school", "school", "", DESK), ("admin", "admin", "", DESK), ("audit", "auditor", "", DESK),
)
FIRST_MS = 60_000  # of waiting for the day's first incident
DRAW_MS = 2500


def report(page: Page, told: dict[str, Any]) -> None:
    """The operator reports three incidents to 119, the first one last, and waits for each answer."""
    page.locator("[data-filter=all]").click()
    page.locator(".row").first.wait_for(timeout=FIRST_MS)
    for id in [row.get_attribute("data-incident") for row in reversed(page.locator(".row").all()[:3])]:
        page.locator(f".row[data-incident='{id}']").click()
        page.locator("[data-testid=escalate-119]").click()
        page.locator("[data-testid=escalate-confirm]").click()
        page.locator("[data-testid=escalation-state][data-state=accepted]").wait_for()


def card(page: Page, told: dict[str, Any]) -> None:
    """The liaison opens what was handed over."""
    page.locator("#cards .card").first.click()


def one(page: Page, told: dict[str, Any]) -> None:
    """The page of the most urgent incident."""
    known = page.request.get(f"{told['url']}/api/v1/incidents").json()["items"]
    page.goto(f"{told['url']}/incident/{min(known, key=lambda one: one['priority'])['id']}")
    page.wait_for_selector("body[data-ready]")


def back(page: Page, told: dict[str, Any]) -> None:
    """The opening of the most urgent incident, with what became of it."""
    known = page.request.get(f"{told['url']}/api/v1/incidents").json()["items"]
    page.locator("#slider form input").fill(min(known, key=lambda one: one["priority"])["id"])
    page.keyboard.press("Enter")


def junk(page: Page, told: dict[str, Any]) -> None:
    """A device that does not know the contract, its message opened."""
    lost = {"specversion": "1.0", "id": "q1", "source": "/device/cam-new", "type": "city.road.detection",
            "time": "2026-11-29 08:00", "data": {"site": "XW-GASU-1"}}
    page.request.post(f"{told['url']}/api/v1/events", data=lost, headers={
        "Authorization": f"Bearer {told['ingest_token']}", "Content-Type": "application/cloudevents+json"})
    page.reload()
    page.wait_for_selector("body[data-ready]")


BEFORE = {"operator": report, "liaison": card, "replay": back, "incident": one, "quarantine": junk}


def shoot(page: Page, shot: Shot, told: dict[str, Any], folder: Path) -> None:
    """One picture, after what has to be done for it."""
    name, _, path, size = shot
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if path:
        page.goto(told["url"] + path)
        page.wait_for_selector("body[data-ready]")
    BEFORE.get(name, lambda page, told: None)(page, told)
    page.wait_for_timeout(DRAW_MS)
    page.screenshot(path=str(folder / f"{name}.png"))


def take(browser: Browser, told: dict[str, Any], folder: Path, names: list[str]) -> list[str]:
    """Every picture that is named, all without a name; the names of those taken."""
    seats: dict[str, Page] = {}
    wanted = [shot for shot in SHOTS if not names or shot[0] in names]
    for shot in wanted:
        role = shot[1]
        if role not in seats:
            who = next(a for a in told["accounts"] if a["role"] == role)
            seats[role] = sign_in(browser, told | {"accounts": [who]})
        shoot(seats[role], shot, told, folder)
    return [shot[0] for shot in wanted]


def main() -> None:
    """Start, wait for the day to have something to show, shoot."""
    top = argparse.ArgumentParser("python -m tests.e2e.pictures", description=__doc__)
    top.add_argument("names", nargs="*", help="only these")
    top.add_argument("--wait", type=float, default=60.0, help="seconds before the first picture")
    top.add_argument("--to", type=Path, default=ROOT / "docs" / "img", help="folder")
    args = top.parse_args()
    with console("--speed", "10") as (told, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find("chromium")), args=[*FLAGS, "--lang=ko-KR"])
        page = browser.new_page()
        page.wait_for_timeout(args.wait * 1000)
        print(*take(browser, told, args.to, args.names))
        browser.close()


if __name__ == "__main__":
    main()
