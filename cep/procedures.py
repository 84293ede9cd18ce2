"""What to do, step by step, for each kind of incident: TOML files, checked, spread to one row a kind.

A file is one procedure for one or more kinds: ``id``, ``kinds``, ``title``, ``title_en``, ``agency`` (whom a report
goes to first) and ``[[steps]]`` with ``text``, ``text_en``; optional ``when``, ``when_en`` (the branch: only then),
``agency`` (this step is a report) and ``within_s`` (seconds since the popup by which it should be done). A step with
``ask``, ``ask_en`` is answered yes or no instead of ticked, and a later one with ``if = "3.no"`` (the third step was
answered no) is to be done only then: so a procedure branches.
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
    ask: Text | None = None
    ask_en: Text | None = None
    only: Annotated[str, Meta(pattern=r"^[0-9]{1,2}\.(yes|no)$")] | None = msgspec.field(default=None, name="if")


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
        for name, pair in (("when", (step.when, step.when_en)), ("ask", (step.ask, step.ask_en))):
            if (pair[0] is None) != (pair[1] is None):
                raise ProcedureError(str(file), f"step {n}: {name} and {name}_en stand together or not at all")
        asked = [str(m) for m, before in enumerate(procedure.steps[: n - 1], 1) if before.ask]
        if step.only and step.only.partition(".")[0] not in asked:
            allowed = ", ".join(asked) or "none, no step before it has ask"
            raise ProcedureError(str(file), f"step {n}: if = {step.only!r}; allowed: the answer of step {allowed}")
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
