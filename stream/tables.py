"""The tables of the store: what each column holds. Times are µs, blobs are ours (msgpack, zstd), texts are codes.

No column holds a name, an address, a phone number or a free text of a person: those are in the vault, by ``ref``.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

schema = MetaData()

# Small facts about the store itself: schema version, head of the journal, salt of the run.
meta = Table("meta", schema, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# The records. ``body`` is canonical JSON, kept as text so that the chain is over the very bytes that stand here.
journal = Table(
    "journal", schema,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Index("journal_subject", "subject", "seq"),
    Index("journal_noted_at", "noted_at"),
)

# What came in, one row a turn: arrays of all events of the turn (stream/tape.py).
tape = Table(
    "tape", schema,
    Column("turn", BigInteger, primary_key=True, autoincrement=False),
    Column("now", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("tape_now", "now"),
)

# What the sensors of homes said, by home (stream/readings.py): ``value`` in thousandths, "" where the sensor said none.
readings = Table(
    "readings", schema,
    Column("household", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("sensor", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Index("readings_at", "at"),
    sqlite_with_rowid=False,
)

# Identities of alarms and readings: the database itself refuses the same pair a second time.
seen = Table(
    "seen", schema,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Index("seen_at", "at"),
    sqlite_with_rowid=False,
)

# Per source: its numbers and the last ids of its telemetry (stream/sequence.py), as JSON.
source_state = Table(
    "source_state", schema,
    Column("source", Text, primary_key=True),
    Column("state", Text, nullable=False),
)

# Messages put aside. The bytes lie in the vault under ``ref``; ``n_more`` counts like ones that were only counted.
quarantine = Table(
    "quarantine", schema,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("id", Text, nullable=True),
    Column("seq", BigInteger, nullable=True),
    Column("size", Integer, nullable=False),
    Column("ref", Text, nullable=False),
    Column("n_more", BigInteger, nullable=False, default=0),
    Column("state", Text, nullable=False),
    Index("quarantine_at", "at"),
)

# The engine's memory after a turn; the tape since then makes it whole again.
checkpoint = Table(
    "checkpoint", schema,
    Column("turn", BigInteger, primary_key=True, autoincrement=False),
    Column("now", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# First outcome of each command, so that the same id asked again gets the same answer.
commands = Table(
    "commands", schema,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    Index("commands_at", "at"),
)

# What web processes ask of the core, and what became of it (stream/asks.py), as JSON.
asks = Table(
    "asks", schema,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("answer", Text, nullable=True),
)

# Trials of proposed changes of rules (stream/trials.py): ``n`` the proposal, ``at`` when its process last spoke of it.
trials = Table(
    "trials", schema,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("figures", Text, nullable=False),
    Index("trials_at", "at"),
)

# Who may come in. ``hash`` is argon2id; ``locked_until`` µs; ``scope`` a school's zone; ``version`` counts changes.
accounts = Table(
    "accounts", schema,
    Column("user", Text, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("locked_until", BigInteger, nullable=False, default=0),
    Column("created_at", BigInteger, nullable=False, default=0),
    Column("scope", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False, default=1),
)

# Signed-in browsers: sha256 of the cookie's id. A session of an older version of its account is over.
sessions = Table(
    "sessions", schema,
    Column("hash", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("ended", Boolean, nullable=False, default=False),
)

# Bearer tokens: ``hash`` is sha256 of the token; ``prefix`` the sources it may speak for (or the page it may read).
tokens = Table(
    "tokens", schema,
    Column("hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", BigInteger, nullable=False, default=0),
    Column("expires_at", BigInteger, nullable=False, default=0),
)
