"""A folder as portals give it: swapped columns, impossible points, rows twice, old code pages."""

import gzip
from pathlib import Path

import pytest

from geo.features import CityError
from geo.opendata import in_korea, read_folder

CAMERAS = "CCTV 유형코드,설치위치_도로명주소,설치위치_위도,설치위치_경도\n"


def test_rows_are_mended_or_left_out_and_told(tmp_path: Path) -> None:
    rows = (
        "A,성호대로 1,37.15,127.07\n"
        "E,다온초,127.09,37.15\n"  # swapped
        "E,다온초,127.09,37.15\n"  # and twice
        "A,어딘가,37.17,172.06\n"  # in the Pacific
        "B,모름,,\n"
        " B,뒤,37.16,127.06\n"
    )
    (tmp_path / "cctv.csv").write_text(CAMERAS + rows, encoding="utf-8")
    folder = read_folder(tmp_path)
    cameras = folder.tables["cameras"]
    assert [(r.lon, r.lat) for r in cameras] == [(127.07, 37.15), (127.09, 37.15), (127.06, 37.16)]
    assert cameras[2].values["CCTV 유형코드"] == "B"
    told = [(c.line, c.why.split(":")[-1].strip()) for c in folder.complaints]
    assert told == [(3, "mended"), (4, "mended"), (4, "left out"), (5, "left out"), (6, "left out")]


def test_old_code_pages_and_packed_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes((CAMERAS + "A,가,37.15,127.07\n").encode("cp949"))
    layer = '{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[127,37]}}]}'
    (tmp_path / "횡단보도_오산시.geojson.gz").write_bytes(gzip.compress(layer.encode()))
    folder = read_folder(tmp_path)
    assert len(folder.tables["cameras"]) == 1 and len(folder.layers["crosswalks"]) == 1


def test_a_file_of_another_kind_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "a.csv").write_text(CAMERAS)
    assert read_folder(tmp_path).tables == {"cameras": []}


def test_an_empty_or_absent_folder_is_said_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CityError) as told:
            read_folder(folder)
        assert "zones" in told.value.allowed


def test_a_broken_layer_is_named(tmp_path: Path) -> None:
    (tmp_path / "roads.geojson").write_text("{")
    with pytest.raises(CityError) as told:
        read_folder(tmp_path)
    assert told.value.file == "roads.geojson"


def test_nan_is_nowhere() -> None:
    assert not in_korea(float("nan"), 37.0) and in_korea(127.0, 37.0)
