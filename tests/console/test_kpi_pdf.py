"""The report on paper: whole in both languages, the same bytes again, no letter without a shape."""

from __future__ import annotations

import tomllib

from reportlab.pdfbase import pdfmetrics

from console.kpi_pdf import FONTS, fonts, report
from console.monthly import gather
from geo.city import load_city
from tests.console.livehouse import LiveHouse
from tests.servers import ROOT
from tests.test_house import flat


def test_the_report_is_made_in_both_languages_and_is_the_same_again(live: LiveHouse) -> None:
    live.opened("XW-GASU-1", "near_miss", 2)
    live.clock.advance(3_600_000_000)
    month = gather(live.kpi, live.house.city, "2026-09", live.clock.now())
    korean = report(month, "ko")
    assert korean == report(month, "ko") != report(month, "en")
    assert korean.startswith(b"%PDF-") and korean.count(b"/Type /Page\n") >= 4
    assert b"FontFile2" in korean, "the type is in the file"


def test_a_month_without_anything_is_a_report_too(live: LiveHouse) -> None:
    assert report(gather(live.kpi, live.house.city, "2026-01", live.clock.now()), "ko").startswith(b"%PDF-")


def test_every_letter_of_the_catalogues_and_the_city_has_a_shape() -> None:
    fonts()
    pages = [flat(tomllib.loads((ROOT / f"console/locale/{lang}.toml").read_text())) for lang in ("ko", "en")]
    parts = ("kpi.", "unit.", "rule.", "bar.")
    said = {c for page in pages for key, text in page.items() if key.startswith(parts) for c in text}
    city = load_city()
    said |= {c for name in [*city.dongs(), *(z.name for z in city.zones.values())] for c in name}
    for name in ("Print", "Print-Bold"):
        shapes = pdfmetrics.getFont(name).face.charToGlyph
        assert [c for c in sorted(said) if ord(c) not in shapes] == []


def test_the_type_is_free_and_bears_a_name_of_ours() -> None:
    fonts()
    assert pdfmetrics.getFont("Print").face.name == b"GwanjePrint-Regular"
    assert "SIL OPEN FONT LICENSE" in (FONTS / "Pretendard.LICENSE.txt").read_text()
