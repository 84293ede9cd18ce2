"""Rule files: read, checked to the last field, and kept as one frozen table.

``load_rules(None)`` is the built-in set (``cep/rules/*.toml``). A folder of an operator *extends* it: a file whose id
is known replaces that rule, another adds one, ``enabled = false`` switches one off; so a folder that lacks a file never
silently loses a life-safety rule.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from cep.patterns import PATTERNS, REQUIRED, SEVERITIES, Field, text, whole, word
from cep.threat import LIFE_RULES, MATTERS
from cep.urgent import URGENT_DIGEST
from cep.when import WHEN
from stream.schema import Severity

BUILT_IN = Path(__file__).parent / "rules"

HEAD: dict[str, Field] = {
    "id": Field(
        lambda v: isinstance(v, str) and bool(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", v)), "a-z 0-9 _, as the file"
    ),
    "version": whole(1, 1_000_000),
    "title": text(),
    "title_en": text(),
    "pattern": word(tuple(PATTERNS)),
    "severity": word(SEVERITIES),
    "thresholds": Field(lambda v: isinstance(v, dict), "a table [thresholds]", {}),
    "match": Field(lambda v: isinstance(v, dict), "a table [match]", {}),
    "when": Field(lambda v: isinstance(v, dict) and bool(v), "a table [when] that names something", {}),
    "why": text(),
    "why_en": text(""),
    "source": text(),
    "source_ko": text(""),
    "enabled": Field(lambda v: isinstance(v, bool), "true or false", True),
}


class RuleError(Exception):
    """A rule file that cannot be taken: which file, line and field, what is wrong, what is allowed."""

    def __init__(self, file: str, field: str, problem: str, allowed: str, line: int | None = None) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"rule file {place}: {field}: {problem}; allowed: {allowed}")
        self.file, self.field, self.problem, self.allowed, self.line = file, field, problem, allowed, line


class Rule(msgspec.Struct, frozen=True):
    """One row: the file's fields, with the pattern's defaults filled in; ``when`` is empty for a rule of every hour."""

    id: str
    version: int
    title: str
    title_en: str
    pattern: str
    severity: Severity
    thresholds: dict[str, Any]
    match: dict[str, Any]
    when: dict[str, Any]
    why: str
    source: str
    why_en: str = ""
    source_ko: str = ""


class RuleTable:
    """All rules that are on, by id. ``digest`` names exactly this set."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: tuple[Rule, ...] = tuple(sorted(rules, key=lambda r: r.id))
        self.index = {rule.id: n for n, rule in enumerate(self.rules)}

    def get(self, id: str) -> Rule | None:
        """The rule of this id, if it is on."""
        return self.rules[self.index[id]] if id in self.index else None

    def of(self, pattern: str) -> list[tuple[int, Rule]]:
        """(place in the table, rule) of a pattern."""
        return [(n, rule) for n, rule in enumerate(self.rules) if rule.pattern == pattern]

    def register(self) -> list[dict[str, Any]]:
        """Rows for the public algorithm register: purpose, inputs, version, thresholds, their origin."""
        rows = []
        for rule in self.rules:
            row = msgspec.to_builtins(rule) | {"severity": rule.severity.name, "help": PATTERNS[rule.pattern].help}
            rows.append(row)
        return rows

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every rule and over the list of urgent words."""
        body = msgspec.json.encode([msgspec.to_builtins(rule) for rule in self.rules], order="deterministic")
        return hashlib.sha256(body + URGENT_DIGEST.encode()).hexdigest()


def load_rules(folder: str | Path | None = None) -> RuleTable:
    """The built-in rules, extended by those of ``folder``. Raises RuleError at the first thing that does not fit."""
    found = _folder(BUILT_IN)
    if folder is not None:
        found |= _folder(Path(folder))
    table = RuleTable(rule for rule, on in found.values() if on)
    for _, rule in table.of("pair_memory"):
        other = table.get(rule.match["hold"])
        if other is None or other.pattern != "hold":
            holds = ", ".join(r.id for _, r in table.of("hold")) or "none is on"
            raise RuleError(f"{rule.id}.toml", "match.hold", f"no such rule: {rule.match['hold']}", holds)
    known = {*MATTERS, *found}  # also rules that are off: their part is just never there
    for _, rule in table.of("composite"):
        if strange := [kind for part in rule.match["parts"] for kind in part["kinds"] if kind not in known]:
            raise RuleError(f"{rule.id}.toml", "match.parts", f"no such rule: {strange[0]}", ", ".join(sorted(known)))
    return table


def _folder(folder: Path) -> dict[str, tuple[Rule, bool]]:
    if not folder.is_dir():
        raise RuleError(str(folder), "folder", "there is no such folder", "a folder with <id>.toml files")
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise RuleError(str(folder), "folder", "it holds no rule file", "at least one <id>.toml")
    found: dict[str, tuple[Rule, bool]] = {}
    first: dict[str, Path] = {}
    for file in files:
        rule, on = read_rule(file)
        if rule.id in first:
            raise RuleError(str(file), "id", f"{rule.id!r} is also the id of {first[rule.id].name}", "each id once")
        if rule.id != file.stem:
            raise RuleError(str(file), "id", f"{rule.id!r} is not the name of the file", f"{file.stem!r}")
        found[rule.id], first[rule.id] = (rule, on), file
    return found


def read_rule(file: Path) -> tuple[Rule, bool]:
    """One checked rule, and whether it is on."""
    try:
        body = file.read_text(encoding="utf-8")
        raw = tomllib.loads(body)
    except OSError as error:
        raise RuleError(str(file), "file", str(error), "a readable file") from error
    except UnicodeDecodeError as error:
        raise RuleError(str(file), "file", f"no UTF-8 at byte {error.start}", "a TOML file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise RuleError(str(file), "file", str(error), "TOML", int(line[1]) if line else None) from error
    check = _Check(file, body)
    head = check.table(raw, HEAD, "")
    pattern = PATTERNS[head["pattern"]]
    head["thresholds"] = check.table(head["thresholds"], pattern.thresholds, "thresholds.")
    head["match"] = check.table(head["match"], pattern.match, "match.")
    head["when"] = check.table(head["when"], WHEN, "when.") if head["when"] else {}
    on = head.pop("enabled")
    rule = Rule(**head | {"severity": Severity[head["severity"]]})
    check.together(rule)
    return rule, on


def check_together(rule: Rule, file: Path) -> None:
    """What no single field of a rule shows. Raises RuleError."""
    _Check(file, "").together(rule)


class _Check:
    """Checks against the tables of fields, with the place of each field for the error."""

    def __init__(self, file: Path, body: str) -> None:
        self.file, self.lines = str(file), body.splitlines()

    def table(self, raw: dict[str, Any], fields: dict[str, Field], path: str) -> dict[str, Any]:
        for name in raw:
            if name not in fields:
                self.refuse(path + name, "unknown field", ", ".join(fields) or "none for this pattern")
        done = {}
        for name, field in fields.items():
            value = raw.get(name, field.default)
            if value is REQUIRED:
                self.refuse(path + name, "missing", field.allowed)
            if name in raw and not field.fits(value):
                self.refuse(path + name, f"{value!r} does not fit", field.allowed)
            done[name] = value
        return done

    def together(self, rule: Rule) -> None:
        """What no single field shows."""
        t, m = rule.thresholds, rule.match
        if rule.pattern == "pair" and t["severe_ttc_s"] > t["ttc_s"]:
            self.refuse("thresholds.severe_ttc_s", f"{t['severe_ttc_s']} is above ttc_s", f"up to {t['ttc_s']}")
        if rule.pattern == "encroachment" and t["danger_s"] > t["warning_s"]:
            self.refuse("thresholds.danger_s", f"{t['danger_s']} is above warning_s", f"up to {t['warning_s']}")
        if rule.pattern == "jolt" and t["most_mps2"] <= t["change_mps2"]:
            self.refuse("thresholds.most_mps2", f"{t['most_mps2']} leaves nothing", f"above {t['change_mps2']}")
        if rule.pattern == "absence":
            waits = [name for name, value in t.items() if value is not None]
            if not waits:
                self.refuse("thresholds", "no duration", "at least one of " + ", ".join(t))
            if len(m["severities"] or [rule.severity]) != len(waits):
                self.refuse("match.severities", "not one for each duration", f"{len(waits)} words, shortest wait first")
        if rule.pattern == "composite" and rule.severity == Severity.severe and m["priority"] not in ("P1", "P2"):
            self.refuse("match.priority", "a severe one makes its incident at least P2", "P1, P2")
        if rule.when and rule.pattern == "chatter":
            self.refuse("when", "a device that chatters does so at every hour", "no [when] with chatter")
        if rule.when and rule.id in LIFE_RULES:
            self.refuse("when", "a call for help holds at every hour", "no [when] in this rule")
        if rule.when and set(rule.when["none"]) & {*rule.when["all"], *rule.when["any"]}:
            self.refuse("when.none", "a condition that must hold and must not", "each condition once")
        if rule.pattern == "event" and set(m["severities"]) - set(m["kinds"]):
            self.refuse("match.severities", "a kind that is not in kinds", ", ".join(m["kinds"]))

    def refuse(self, field: str, problem: str, allowed: str) -> None:
        name = field.rpartition(".")[2]
        hit = [n for n, line in enumerate(self.lines, 1) if re.match(rf'\s*\[?"?{re.escape(name)}"?\s*[=\]]', line)]
        raise RuleError(self.file, field, problem, allowed, hit[0] if hit else None)
