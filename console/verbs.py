"""The words of the command line: one row each, and the way from what was typed to the function that does it.

Standard library only: the table is read before the project's own environment is there.
"""

from __future__ import annotations

import importlib
from typing import NamedTuple

from console.environment import RUN, TEST, enter, fail


class Verb(NamedTuple):
    """A word of the command line: the function that does it (``module:function``, given the words after it; the answer
    is the exit code), the lock file it needs, and one line of help."""

    does: str
    lock: str
    help: str


VERBS = {
    "demo": Verb("run:demo", RUN, "(or no verb) the console with a simulated day; needs no other server"),
    "serve": Verb("run:serve", RUN, "the console in production"),
    "audit": Verb("replay.audit:main", RUN, "audit verify: check the record chain, name the first bad record"),
    "user": Verb("console.users:main", RUN, "user add, list, disable: the accounts that may sign in"),
    "backup": Verb("console.upkeep:backup", RUN, "copy store and vault into a folder"),
    "restore": Verb("console.upkeep:restore", RUN, "make store and vault from a copy"),
    "migrate": Verb("console.upkeep:migrate", RUN, "bring the store to the schema of this program"),
    "purge": Verb("console.upkeep:purge", RUN, "destroy what is older than it may be kept"),
    "report": Verb("console.monthly:main", RUN, "the figures of a month as a report (PDF) or table (CSV)"),
    "rerun": Verb("run:rerun", RUN, "recorded events through the same engine as live"),
    "backtest": Verb("run:backtest", RUN, "two rule sets over the same events: what appears, what vanishes"),
    "city": Verb("geo.imports:main", RUN, "city import: make a city file from Korean open standard data"),
    "bench": Verb("tests.bench.main:main", TEST, "bench engine, turn, screen, ...: measure, one JSON line a figure"),
    "test": Verb("tests.suite:main", TEST, "run every test; words after it go to pytest"),
}


# Raised when what the caller gave can't be used: a clear line and exit code 2, no traceback.
MISTAKES = {"SettingError", "StartError", "CityError", "RuleError", "AccountError", "SourceError"}


def usage() -> str:
    """The table of verbs as text."""
    rows = "\n".join(f"  {name:10} {verb.help}" for name, verb in VERBS.items())
    return f"usage: run.py [verb] [options]\n\n{rows}\n\nrun.py VERB --help tells the options of a verb."


def main(argv: list[str]) -> int:
    """Find the verb (none: demo), go into the environment, do it."""
    if argv and argv[0] in ("-h", "--help"):
        print(usage())
        return 0
    name, words = ("demo", argv) if not argv or argv[0].startswith("-") else (argv[0], argv[1:])
    if name not in VERBS:
        fail(f"there is no verb {name!r}\n{usage()}", 2)
    enter(VERBS[name].lock)
    module, _, function = VERBS[name].does.partition(":")
    try:
        return int(getattr(importlib.import_module(module), function)(words) or 0)
    except Exception as error:
        if MISTAKES.isdisjoint(kind.__name__ for kind in type(error).__mro__):
            raise
        fail(str(error), 2)
