"""A setting is a row; a broken one is refused by place, name and allowed values."""

from pathlib import Path

import pytest

from stream.settings import SETTINGS, SettingError, Settings, digest, load


def test_each_row_says_what_it_does_and_what_is_allowed() -> None:
    assert len({row.name for row in SETTINGS}) == len(SETTINGS) > 20
    for row in SETTINGS:
        assert row.help and row.allowed, row.name


def test_without_anything_set_the_defaults_hold() -> None:
    assert load(env={}) == Settings()


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text('port = 1\nspeed = 2\nnode = "a"\n')
    settings = load({"port": 3, "node": None}, {"GWANJE_PORT": "2", "GWANJE_SPEED": "3", "HOME": "x"}, file)
    assert (settings.port, settings.speed, settings.node) == (3, 3.0, "a")


def test_lists_and_truths_come_from_text() -> None:
    settings = load(env={"GWANJE_MEDIA_HOSTS": "a.kr, b.kr", "GWANJE_EXERCISE": "false"})
    assert settings.media_hosts == ("a.kr", "b.kr")
    assert settings.exercise is False


def test_the_folder_of_shared_test_data_is_no_setting() -> None:
    assert load(env={"GWANJE_SHARED": "somewhere"}) == Settings()


@pytest.mark.parametrize(
    ("text", "field", "allowed"),
    [
        ("undo_s = 6", "undo_s", "number >= 0 <= 5"),
        ('port = "x"', "port", "whole number >= 0 <= 65535"),
        ("port = true", "port", "whole number"),
        ('mqtt = "nowhere"', "mqtt", "like"),
        ('agency_profile = "fax"', "agency_profile", "cap | json"),
        ("prot = 8050", "prot", "port"),
        ("keep_access_days = 30", "keep_access_days", ">= 730"),
        ("port = ", "-", "TOML"),
    ],
)
def test_a_broken_file_is_refused_with_file_field_and_allowed_values(
    tmp_path: Path, text: str, field: str, allowed: str
) -> None:
    file = tmp_path / "house.toml"
    file.write_text(text)
    with pytest.raises(SettingError) as refused:
        load(env={}, file=file)
    assert refused.value.file == str(file)
    assert refused.value.field == field
    assert allowed in refused.value.allowed
    assert str(file) in str(refused.value)


def test_a_broken_environment_and_command_line_say_so() -> None:
    with pytest.raises(SettingError, match="environment: speed"):
        load(env={"GWANJE_SPEED": "fast"})
    with pytest.raises(SettingError, match="command line: port"):
        load({"port": 70000}, env={})


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        load(env={}, file=tmp_path / "none.toml")
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingError, match="cannot be read"):
        load(env={}, file=tmp_path / "raw")


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(AttributeError):
        load(env={}).port = 1  # type: ignore[misc]


def test_the_digest_names_the_settings_and_no_secret_moves_it():
    plain = digest(Settings())
    assert plain == digest(Settings(store="postgresql://u:secret@db/x", redis="redis://:secret@r"))
    assert len({plain, digest(Settings(undo_s=3.0)), digest(Settings(close_h=5))}) == 3 and len(plain) == 64
