"""What the vault keeps, who can read it, and that erasing a person is final."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from stream.schema import HouseError
from stream.store import StartError, StoreError
from stream.vault import Identity, Vault, keys, texts


@pytest.fixture
def vault_at(store_url: str, tmp_path: Path) -> tuple[str, Path]:
    return store_url.replace("store.db", "vault.db"), tmp_path / "vault.key"


@pytest.fixture
def vault(vault_at: tuple[str, Path]) -> Iterator[Vault]:
    opened = Vault(*vault_at)
    yield opened
    opened.close()


def test_a_sealed_text_is_read_by_its_ref_now_and_after_opening_again(vault: Vault, vault_at: tuple[str, Path]) -> None:
    ref = vault.seal("h-1", "쌀이 없어요", "event")
    assert vault.open(ref) == "쌀이 없어요"
    vault.close()
    again = Vault(*vault_at)
    assert again.open(ref) == "쌀이 없어요"
    again.close()


def test_bytes_are_kept_as_bytes(vault: Vault) -> None:
    ref = vault.seal("/device/x", b"\xff{", "quarantine")
    assert vault.open_bytes(ref) == b"\xff{"
    assert vault.open(ref) is None
    assert vault.open_bytes(vault.seal("h", "text", "event")) is None


def test_nothing_legible_lies_in_the_database_and_a_ref_says_nothing(vault: Vault, vault_at: tuple[str, Path]) -> None:
    canary, name = "카나리아-7731", "홍길동-7731"
    refs = {vault.seal("h-1", canary, "event") for _ in range(20)}
    vault.put_identity("h-1", Identity(name=name, phone="010-7731-7731"))
    assert len(refs) == 20
    assert all(len(ref) >= 22 and canary not in ref for ref in refs)
    with vault._db.read() as conn:
        stored = b"".join(row[0] for row in conn.execute(select(texts.c.sealed)))
    assert canary.encode() not in stored
    if vault_at[0].startswith("sqlite"):
        files = b"".join(p.read_bytes() for p in vault_at[1].parent.glob("vault.db*"))
        assert b"7731" not in files


def test_held_is_read_at_once_and_durable_after_the_flush(vault: Vault, vault_at: tuple[str, Path]) -> None:
    ref = vault.hold("h-2", "나중", "event")
    assert vault.open(ref) == "나중"
    other = Vault(*vault_at)
    assert other.open(ref) is None
    vault.flush()
    assert other.open(ref) == "나중"
    other.close()


def test_erasing_a_person_destroys_their_key_and_nobody_elses(vault: Vault, vault_at: tuple[str, Path]) -> None:
    mine, theirs = vault.seal("h-1", "내 것", "event"), vault.seal("h-2", "남의 것", "event")
    vault.put_identity("h-1", Identity(name="가"))
    assert vault.erase("h-1") == 2
    assert vault.open(mine) is None
    assert vault.identity("h-1") is None
    assert vault.open(theirs) == "남의 것"
    with vault._db.read() as conn:
        assert conn.execute(select(keys.c.wrapped).where(keys.c.owner == "h-1")).scalars().all() == [None]
    after = vault.seal("h-1", "새로", "event")
    vault.close()
    again = Vault(*vault_at)
    assert (again.open(mine), again.open(after)) == (None, "새로")
    again.close()


def test_a_copy_of_the_texts_from_before_is_of_no_use_without_the_key(vault: Vault) -> None:
    ref = vault.seal("h-1", "지워질 것", "event")
    with vault._db.read() as conn:
        copy = dict(conn.execute(select(texts).where(texts.c.ref == ref)).mappings().one())
    vault.erase("h-1")
    with vault._db.begin() as conn:
        conn.execute(texts.insert().values(copy))
    assert vault.open(ref) is None


def test_a_text_that_was_changed_or_moved_does_not_open(vault: Vault) -> None:
    one, two = vault.seal("h-1", "하나", "event"), vault.seal("h-1", "둘", "event")
    with vault._db.begin() as conn:
        sealed = conn.execute(select(texts.c.sealed).where(texts.c.ref == one)).scalar_one()
        conn.execute(update(texts).where(texts.c.ref == two).values(sealed=sealed))
    with pytest.raises(HouseError, match="does not open"):
        vault.open(two)


def test_identities_are_replaced_and_unknown_ones_are_none(vault: Vault) -> None:
    assert vault.identity("h-1") is None
    vault.put_identity("h-1", Identity("김", "오산동 1", "010", 1940))
    vault.put_identity("h-1", Identity("이", "오산동 2"))
    assert vault.identity("h-1") == Identity("이", "오산동 2")


def test_old_texts_of_a_purpose_are_forgotten(vault_at: tuple[str, Path]) -> None:
    moment = [100]
    vault = Vault(*vault_at, now=lambda: moment[0])
    old, other = vault.seal("h", "a", "quarantine"), vault.seal("h", "b", "event")
    moment[0] = 200
    new = vault.seal("h", "c", "quarantine")
    assert vault.purge("quarantine", 150) == 1
    assert [vault.open(r) for r in (old, other, new)] == [None, "b", "c"]
    vault.close()


def test_many_threads_seal_for_one_owner(vault: Vault) -> None:
    refs: list[str] = []

    def write() -> None:
        refs.extend(vault.seal("h", "x", "e") for _ in range(5))

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [vault.open(ref) for ref in refs] == ["x"] * 30


def test_the_key_file_is_for_its_owner_only(vault: Vault, vault_at: tuple[str, Path]) -> None:
    assert vault_at[1].stat().st_mode & 0o777 == 0o600


def test_without_its_key_file_a_vault_is_not_opened(vault: Vault, vault_at: tuple[str, Path]) -> None:
    vault.close()
    vault_at[1].unlink()
    with pytest.raises(StartError, match="missing"):
        Vault(*vault_at)
    assert not vault_at[1].exists()


def test_the_key_of_another_vault_is_refused(vault: Vault, vault_at: tuple[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    Vault(f"sqlite:///{other}/v.db", other / "key").close()
    with pytest.raises(StartError, match="not this vault's key"):
        Vault(vault_at[0], other / "key")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [(b"short", 0o600, "holds no key"), (b"\xff\xfe", 0o600, "holds no key"), (b"QUJD", 0o644, "chmod 600")],
)
def test_a_broken_or_open_key_file_is_refused(tmp_path: Path, content: bytes, mode: int, words: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    os.chmod(file, mode)
    with pytest.raises(StartError, match=words):
        Vault(f"sqlite:///{tmp_path}/v.db", file)


def test_a_key_file_that_cannot_be_made_or_read_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="cannot be made"):
        Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "file" / "key")
    with pytest.raises(StartError, match="cannot be read"):
        Vault(f"sqlite:///{tmp_path}/v.db", tmp_path)


def test_a_full_vault_keeps_what_is_held_until_there_is_room(tmp_path: Path) -> None:
    vault = Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")
    with vault._db.begin() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count={conn.execute(text('PRAGMA page_count')).scalar_one()}")
    ref = vault.hold("h", "길다" * 100_000, "event")
    with pytest.raises(StoreError):
        vault.flush()
    assert vault.open(ref) == "길다" * 100_000
    vault.flush()
    vault.close()
    again = Vault(f"sqlite:///{tmp_path}/v.db", tmp_path / "key")
    assert again.open(ref) == "길다" * 100_000
    again.close()
