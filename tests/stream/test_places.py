"""Store, vault and key lie in the data folder unless a setting says otherwise; tools open what is there only."""

from pathlib import Path

import pytest

from stream.places import existing, sqlite_file, store_url, vault_key, vault_url
from stream.settings import Settings
from stream.store import StartError


def test_all_three_lie_in_the_data_folder_as_files_of_their_own(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    files = {sqlite_file(store_url(settings)), sqlite_file(vault_url(settings)), vault_key(settings)}
    assert len(files) == 3 and {f.parent for f in files if f} == {tmp_path}


def test_a_setting_comes_first() -> None:
    settings = Settings(store="postgresql+psycopg://a@/b", vault="sqlite:////v.db", vault_key="/k")
    assert store_url(settings) == settings.store and vault_url(settings) == settings.vault
    assert vault_key(settings) == Path("/k") and sqlite_file(settings.store) is None


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    with pytest.raises(StartError, match="no store at"):
        existing(url)
    (tmp_path / "none.db").touch()
    assert existing(url) == url
    assert existing("postgresql+psycopg://a@/b") == "postgresql+psycopg://a@/b"
