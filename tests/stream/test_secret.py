"""The secret of the fingerprints: made once, the same after a restart, gone when it is erased."""

from __future__ import annotations

from pathlib import Path

from stream.secret import LIKENESS, likeness_key
from stream.vault import Vault


def test_it_is_made_once_and_is_the_same_after_a_restart(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'vault.db'}", tmp_path / "vault.key"
    vault = Vault(url, file)
    key = likeness_key(vault)
    assert len(key) == 32 and likeness_key(vault) == key
    vault.close()
    again = Vault(url, file)
    assert likeness_key(again) == key
    again.close()
    assert key not in (tmp_path / "vault.db").read_bytes()


def test_another_vault_has_another_one(tmp_path: Path) -> None:
    one, two = (Vault(f"sqlite:///{tmp_path / n}.db", tmp_path / f"{n}.key") for n in ("a", "b"))
    assert likeness_key(one) != likeness_key(two)
    one.erase(LIKENESS)
    assert one.open_bytes(LIKENESS) is None
    one.close(), two.close()
