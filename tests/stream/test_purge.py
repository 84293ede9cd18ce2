"""Of two of everything, one old and one young, the old one goes; the journal stays whole."""

from sqlalchemy import func, select

from stream import quarantine, readings, tables
from stream.journal import Journal, verify
from stream.purge import DAY_US, HOUR_US, purge
from stream.schema import Draft, Quarantined
from stream.settings import Settings
from stream.vault import Vault

NOW = 1000 * DAY_US
OLD, YOUNG = NOW - 400 * DAY_US, NOW - DAY_US


def fill(store, vault, aside):
    """One old and one young row of each class, and two records."""
    journal = Journal(store)
    rows, more = aside.hold([Quarantined(b"[", "no_json", "", "/device/a", at) for at in (OLD, YOUNG)], NOW)
    vault.flush()
    with store.begin() as conn:
        journal.write(conn, [journal.stamp(Draft("fault.noted", "s", at, {"code": "x"}), at) for at in (OLD, YOUNG)])
        quarantine.save(conn, rows, more)
        for n, at in enumerate((OLD, YOUNG)):
            conn.execute(tables.tape.insert().values(turn=n, now=at, n=1, data=b""))
            readings.save(conn, [("HH-1", at, "pir", "", "", 1000)])
            conn.execute(tables.seen.insert().values(source="s", id=str(n), at=at))
            conn.execute(tables.commands.insert().values(id=str(n), at=at, outcome=b""))
            conn.execute(tables.trials.insert().values(n=n, at=at, hours=6, state="done", figures=""))
            conn.execute(tables.sessions.insert().values(hash=str(n), user="u", version=1, opened_at=at))


def test_what_is_due_goes_and_what_is_not_stays(store, tmp_path):
    moment = [OLD]
    vault = Vault(f"sqlite:///{tmp_path / 'vault.db'}", tmp_path / "vault.key", lambda: moment[0])
    aside = quarantine.Quarantine(store, vault)
    old = [vault.seal("case-1", "old", purpose) for purpose in ("event", "open", "note")]
    moment[0] = YOUNG
    young = vault.seal("case-1", "young", "note")
    fill(store, vault, aside)
    gone = purge(store, vault, aside, Settings(), NOW)
    classes = ("tape", "readings", "seen", "commands", "sessions", "trials", "quarantine")
    assert gone == dict.fromkeys(classes, 1) | {"texts": 3}
    assert [vault.open(ref) for ref in (*old, young)] == [None, None, None, "young"]
    with store.read() as conn:
        for name in classes:
            assert conn.execute(select(func.count()).select_from(tables.schema.tables[name])).scalar() == 1
    assert verify(store).n == 2 and verify(store).ok
    assert set(purge(store, vault, aside, Settings(), NOW).values()) == {0}
    vault.close()


def test_months_of_rows_go_an_hour_at_a_time_and_all_are_counted(store, tmp_path):
    vault = Vault(f"sqlite:///{tmp_path / 'vault.db'}", tmp_path / "vault.key")
    hours = [{"source": "s", "id": str(n), "at": OLD + n * HOUR_US // 2} for n in range(100)]
    with store.begin() as conn:
        conn.execute(tables.seen.insert(), hours)
    gone = purge(store, vault, quarantine.Quarantine(store, vault), Settings(), OLD + 30 * DAY_US + 20 * HOUR_US)
    assert gone["seen"] == 40
    with store.read() as conn:
        assert conn.execute(select(func.min(tables.seen.c.at))).scalar() == OLD + 20 * HOUR_US
    vault.close()
