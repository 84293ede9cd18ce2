"""What may follow the verb, and what each verb insists on."""

from __future__ import annotations

import pytest

from console.options import options


def test_a_demo_may_be_idle_or_stormy_and_nothing_is_set_that_was_not_said():
    args = options(["--idle", "--mqtt", "127.0.0.1:1883", "--speed", "10"], "demo")
    assert (args.idle, args.storm, args.mqtt, args.speed) == (True, False, "127.0.0.1:1883", 10.0)
    assert (args.port, args.data, args.config) == (None, None, None)


def test_production_asks_for_its_settings_file_and_knows_no_simulated_day(capsys):
    assert options(["--config", "house.toml"], "serve").role == "all"
    for words in ([], ["--config", "house.toml", "--idle"]):
        with pytest.raises(SystemExit) as ended:
            options(words, "serve")
        assert ended.value.code == 2
    assert "--config" in capsys.readouterr().err
