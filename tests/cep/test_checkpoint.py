"""A checkpoint is the whole memory: names, arrays, timers, chatter."""

import pytest

from cep import checkpoint
from cep.chatter import Chatter
from cep.checkpoint import Unfit
from cep.encroach import encroachments
from cep.follow import compile_follow
from cep.memory import Memory
from cep.rules import load_rules
from cep.table import compile_rules
from cep.watch import Watch
from stream.bodies import ContextNoted
from stream.schema import US, Detection, Severity
from tests.cep.streams import PlainCity

RULES, CITY = load_rules(), PlainCity()
ARRAYS = (compile_rules(RULES), compile_follow(RULES))


def test_everything_comes_back_and_goes_on_growing() -> None:
    memory, chatter = Memory(CITY, *ARRAYS), Chatter(RULES)
    source = memory.entity("/device/r0")
    memory.entity("H"), memory.track(source, 1), memory.track(source, "1"), memory.sensor(("H", "door", None))
    memory.road.tracks[1]["seen"] = memory.clock = 77
    memory.more_timers(1000)
    chatter.hear(Detection("vital", 1, 5 * US, "H", Severity.notice, {}))
    heard = [(("오산시", "weather", "heavy_rain"), ContextNoted("weather", "warning", "heavy_rain", 1, 2))]
    paths = encroachments(RULES.of("encroachment"), CITY)
    saved = checkpoint.save(memory, chatter, heard, paths, Watch(CITY, RULES).save(), "d")
    again, talk, context, squares, watched = checkpoint.load(saved, "d", CITY, RULES, *ARRAYS)
    assert checkpoint.save(again, talk, context, squares, watched, "d") == saved and context == heard
    assert again.track_of == {source: {1: 0, "1": 1}} and again.homes.of == {"H": 0}
    assert again.sensors.of == {("H", "door", None): 0}
    assert again.road.entities is again.care.entities and again.road.tracks[1]["seen"] == again.clock == 77
    assert again.road.tracks.flags.writeable and len(again.road.tracks) == 2 and len(again.care.timers) == 0
    assert again.entity("new") == 2 and again.track(source, "x") == 2


def test_another_digest_version_or_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = encroachments(RULES.of("encroachment"), CITY)
    seen = Watch(CITY, RULES).save()
    saved = checkpoint.save(Memory(CITY, *ARRAYS), Chatter(RULES), [], paths, seen, "d")
    with pytest.raises(Unfit, match="of rules and city d"):
        checkpoint.load(saved, "other", CITY, RULES, *ARRAYS)
    with pytest.raises(Unfit, match="no checkpoint"):
        checkpoint.load(saved[: len(saved) // 2], "d", CITY, RULES, *ARRAYS)
    with pytest.raises(Unfit, match="crosswalks remember"):
        paths[0].grid_of[("/device/r0", "S0")] = 0
        half = paths[0].save(1, 1)
        monkeypatch.setattr(paths[0], "save", lambda entities, tracks: ({"grids": half[0]["grids"]}, half[1]))
        bad = checkpoint.save(Memory(CITY, *ARRAYS), Chatter(RULES), [], paths, seen, "d")
        checkpoint.load(bad, "d", CITY, RULES, *ARRAYS)
    with pytest.raises(Unfit, match="missing or of another form"):
        checkpoint.load(saved.replace(b"('seen', '<i8')", b"('been', '<i8')", 1), "d", CITY, RULES, *ARRAYS)
    monkeypatch.setattr(checkpoint, "VERSION", checkpoint.VERSION + 1)
    with pytest.raises(Unfit, match=f"not {checkpoint.VERSION}"):
        checkpoint.load(saved, "d", CITY, RULES, *ARRAYS)
