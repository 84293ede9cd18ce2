"""The tables hold no column for what belongs to the vault, and each column says whether it may be empty."""

from stream.tables import schema


def test_no_column_is_made_for_what_belongs_to_the_vault() -> None:
    names = {column.name for table in schema.sorted_tables for column in table.columns}
    assert not names & {"name_of_person", "address", "phone", "birth_year", "text", "lon", "lat", "raw"}


def test_only_what_a_message_may_lack_or_what_is_still_to_come_is_nullable() -> None:
    nullable = {f"{t.name}.{c.name}" for t in schema.sorted_tables for c in t.columns if c.nullable}
    assert nullable == {"quarantine.id", "quarantine.seq", "asks.answer"}


def test_alarms_and_readings_are_unique_by_source_and_id() -> None:
    assert [c.name for c in schema.tables["seen"].primary_key.columns] == ["source", "id"]
