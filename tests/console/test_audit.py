"""Records of access for who checks them: narrowed, a month summed up, a table that no spreadsheet runs."""

from __future__ import annotations

import re

from console import audit
from stream.kinds import KINDS
from stream.kpi_use import DEEDS
from stream.schema import Record
from tests.servers import ROOT

NIGHT = 1_790_000_000_000_000  # 23:13 in Korea
NOON = NIGHT - 10 * audit.HOUR_US


def record(n: int, by: str, kind: str = audit.LOOKED, subject: str = "HH-0001", at: int = NOON,
           **body: object) -> Record:
    return Record(n, at, at, kind, subject, by, "", dict(body), "0" * 64)


LOOK = record(1, "kim", what="identity", purpose="verify", incident="20260921-0001")


def test_a_search_narrows_by_person_deed_and_subject() -> None:
    rows = [LOOK, record(2, "park", "access.login", "park", what="login"),
            record(3, "kim", what="board", subject="S-1")]

    def found(**asked: str) -> list[int]:
        return [r.seq for r in audit.narrowed(rows, audit.Wanted(0, 1, **asked))]

    assert found() == [1, 2, 3]
    assert found(by="KI") == [1, 3]
    assert found(deed="identity") == [1]
    assert found(deed="access.login") == [2]
    assert found(subject="0921-0001") == [1], "the incident counts as a subject"
    assert audit.Wanted(0, 1, deed="access.login").kinds == ("access.login",)
    assert audit.Wanted(0, 1, deed="identity").kinds == ("access.looked",)
    assert audit.Wanted(0, 1).kinds == (*audit.KINDS, *audit.ACTS)


def test_what_people_did_is_found_alone_or_beside_who_came_in() -> None:
    verdict = record(4, "kim", "incident.resolved", "20260921-0001", disposition="false_alarm", reason="cooking")
    account = record(5, "admin", what="account.role", subject="kim")
    rows = [LOOK, verdict, account]

    def found(deed: str) -> list[int]:
        return [r.seq for r in audit.narrowed(rows, audit.Wanted(0, 1, deed=deed))]

    assert (found(""), found("acts"), found("access")) == ([1, 4, 5], [4, 5], [1])
    assert found("incident.resolved") == [4]
    assert audit.Wanted(0, 1, deed="acts").kinds == (*audit.ACTS, audit.LOOKED)
    line = audit.table([verdict], "ko").decode("utf-8-sig").splitlines()[1]
    assert "kim,incident.resolved,조치 완료,20260921-0001" in line and "cooking; false_alarm" in line


def test_every_deed_that_figures_count_by_person_can_be_searched_for_and_is_a_kind() -> None:
    assert set(audit.ACTS) >= DEEDS
    assert set(audit.ACTS) <= {*KINDS}


def test_of_a_deed_codes_are_told_and_never_where_its_text_lies() -> None:
    noted = record(6, "kim", "training.noted", "x", text_ref="v-1", about=3, incident="20260921-0001")
    assert audit.said(noted) == {"incident": "20260921-0001"}
    assert audit.said(LOOK) == LOOK.body


def test_every_look_that_the_console_writes_down_can_be_searched_for() -> None:
    texts = [file.read_text() for file in (ROOT / "console").glob("api*.py")]
    written = {what for text in texts for what in re.findall(r'what="([a-z_.]+)"', text)}
    assert len(written) > 10 and written <= {*audit.DEEDS}


def test_a_month_is_told_person_by_person_and_by_night() -> None:
    night = [record(n, "kim", at=NIGHT, what="identity", purpose="verify") for n in (2, 3)]
    rows = [LOOK, *night, record(4, "lee", "access.refused", "lee", what="GET /", code="forbidden", before=2),
            record(5, "lee", what="export", code="csv", subject="kpi")]
    told = audit.review(rows)
    kim, lee = told["people"]
    assert (kim["by"], kim["n"], kim["looks"], kim["night"]) == ("kim", 3, 3, 2)
    assert (lee["looks"], lee["refused"], lee["exports"]) == (0, 3, 1)
    assert told["often"] == [{"by": "kim", "subject": "HH-0001", "n": 3}]
    assert audit.review(rows[:2])["often"] == [], "twice may be work"


def test_a_table_has_words_beside_codes_and_nothing_that_runs() -> None:
    text = audit.table([record(1, "=kim", what="identity", purpose="verify")], "ko").decode("utf-8-sig")
    head, line = text.splitlines()
    assert head.startswith("기록 번호,시각,행위자,행위 코드,행위")
    assert line.startswith("1,2026-09-21T13:13:20+09:00,'=kim,identity,신원 열람,HH-0001")
