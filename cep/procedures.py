"""What to do, step by step, for each kind of incident: TOML files, checked, spread to one row a kind.

A file is one procedure for one or more kinds: ``id``, ``kinds``, ``title``, ``title_en``, ``agency`` (whom a report
goes to first) and ``[[steps]]`` with ``text``, ``text_en``; optional ``when``, ``when_en`` (the branch: only then),
``agency`` (this step is a report) and ``within_s`` (seconds since the popup by which it should be done).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

BUILT_IN = Path(__file__).parent / "procedures"
Text = Annotated[str, Meta(min_length=2, max_length=120)]
Agency = Literal["112", "119"]


class ProcedureError(Exception):
    """A procedure file that cannot be taken: which file, and what is wrong with which field."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"procedure file {file}: {problem}")
        self.file, self.problem = file, problem


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step, in both languages."""

    text: Text
    text_en: Text
    when: Text | None = None
    when_en: Text | None = None
    agency: Agency | None = None
    within_s: Annotated[int, Meta(gt=0)] | None = None


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file."""

    id: Annotated[str, Meta(pattern="^[a-z_]+$")]
    kinds: Annotated[tuple[Annotated[str, Meta(pattern="^[a-z0-9_]+$")], ...], Meta(min_length=1)]
    title: Text
    title_en: Text
    agency: Agency
    steps: Annotated[tuple[Step, ...], Meta(min_length=2, max_length=20)]


def read(file: Path) -> Procedure:
    """One file, checked; ProcedureError says what is wrong."""
    try:
        procedure = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Procedure)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise ProcedureError(str(file), str(wrong)) from wrong
    if procedure.id != file.stem:
        raise ProcedureError(str(file), f"id is {procedure.id!r}; allowed: {file.stem!r}, as the file")
    for n, step in enumerate(procedure.steps, 1):
        if (step.when is None) != (step.when_en is None):
            raise ProcedureError(str(file), f"step {n}: when and when_en stand together or not at all")
    return procedure


def load_procedures(folder: str | Path | None = None) -> list[dict[str, Any]]:
    """One row a kind: ``{kind, id, title, title_en, agency, steps: [{text, text_en, when?, ...}]}``, by kind."""
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for file in sorted(Path(folder or BUILT_IN).glob("*.toml")):
        procedure = read(file)
        row = msgspec.to_builtins(procedure)
        kinds = row.pop("kinds")
        for kind in kinds:
            if kind in found:
                raise ProcedureError(str(file), f"kind {kind!r} is also in {found[kind][0].name}; allowed: each once")
            found[kind] = (file, {"kind": kind, **row})
    if not found:
        raise ProcedureError(str(folder or BUILT_IN), "there is no procedure file")
    return [found[kind][1] for kind in sorted(found)]
