"""``city import`` as a person runs it."""

from pathlib import Path

import pytest

from geo.city import load_city
from geo.features import CityError
from geo.imports import main
from geo.riskmap import read
from tests.geo.test_riskmap import folder

ZONES = """시설종류,대상시설명,위도,경도
초등학교,운암초등학교,37.1438,127.0762
초등학교,어디초등학교,127.07,37.15
유치원,먼유치원,10,10
"""


def test_it_writes_a_city_and_tells_what_it_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "zones.csv").write_text(ZONES)
    assert main(["import", str(tmp_path / "in"), "--out", str(tmp_path / "city.geojson")]) == 0
    told = capsys.readouterr().out
    assert "zones.csv:3: latitude and longitude were swapped: mended" in told
    assert "zones.csv:4: not in Korea" in told and "2 zone" in told
    assert [z.name for z in load_city(tmp_path / "city.geojson").zones.values()] == ["운암초등학교", "어디초등학교"]


def test_an_empty_folder_or_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CityError):
        main(["import", str(tmp_path), "--out", str(tmp_path / "city.geojson")])
    (tmp_path / "zones.csv").write_text(ZONES)
    with pytest.raises(CityError, match="nowhere"):
        main(["import", str(tmp_path), "--out", str(tmp_path / "nowhere" / "city.geojson")])


def test_a_risk_file_is_written_and_its_figures_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "risk.json"
    assert main(["risk", str(folder(tmp_path)), "--out", str(out), "--years", "2"]) == 0
    told = capsys.readouterr().out
    assert "risk.json: 900 cells" in told and "in 2 years" in told and "held back by blocks of 1 km: AUC 0." in told
    assert len(read(out, load_city()).cells) == 900


def test_usage_is_exit_2() -> None:
    risk = ["risk", "x", "--out", "y", "--years"]
    for words in ([], ["export"], ["import", "x"], ["risk", "x", "--out", "y"], [*risk, "0"], [*risk, "ten"]):
        with pytest.raises(SystemExit) as told:
            main(words)
        assert told.value.code == 2
