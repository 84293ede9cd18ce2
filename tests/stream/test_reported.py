"""Reports and messages are plain values: an old journal's report has answered by no hand, an old incident no talk."""

from __future__ import annotations

import msgspec

from stream.reported import Escalation, Talk
from stream.schema import Escalation as Same


def test_what_an_older_version_wrote_is_read():
    old = {"agency": "119", "generation": 1, "key": "k", "state": "sent", "requested_at": 5, "by": "kim"}
    report = msgspec.convert(old, Escalation)
    assert Same is Escalation and not report.hand
    assert msgspec.to_builtins(report) == old
    assert msgspec.to_builtins(Talk("112")) == {"agency": "112"}
