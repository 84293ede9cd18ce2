"""A log line is JSON, and nothing that a person typed is in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from console import logs
from stream.schema import HouseError


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root, web = logging.getLogger(), logging.getLogger("werkzeug")
    handlers, level = root.handlers[:], root.level
    logging.disable(logging.NOTSET)  # what other tests of this process left behind
    web.disabled, web.propagate, web.handlers[:] = False, True, []
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_fault_says_its_type_and_place_and_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    try:
        int("김철수 010-1234-5678")
    except ValueError:
        structlog.get_logger().exception("console.fault", route="POST /api/v1/incidents")
    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert str(line["at"]).startswith("['test_logs.py:")
    assert (line["event"], line["level"], line["route"]) == ("console.fault", "error", "POST /api/v1/incidents")
    assert str(line["timestamp"]).endswith("Z")
    assert "김철수" not in json.dumps(line, ensure_ascii=False)


def test_our_own_error_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    structlog.get_logger().error("store", exc_info=HouseError("full: disk"))
    assert lines(capsys)[0]["says"] == "full: disk"


def test_a_librarys_warning_is_a_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.INFO)  # as a server of its own does
    logs.set_up()
    logging.getLogger("werkzeug").warning("bad request from %s", "김철수")
    logging.getLogger("werkzeug").info("never seen")
    (line,) = lines(capsys)
    assert (line["event"], line["level_of"]) == ("library", "warning")
    assert "김철수" not in str(line)


def test_the_level_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("error")
    structlog.get_logger().warning("quiet")
    assert lines(capsys) == []
