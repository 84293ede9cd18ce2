"""``python -m tests.settings_page`` writes docs/settings.md from the rows of stream/settings.py."""

from __future__ import annotations

from collections.abc import Iterable

from stream.settings import ENV_PREFIX, SETTINGS, Setting
from tests.servers import ROOT

HEAD = f"""# Settings

A setting is given on the command line where the verb has an option for it, else as environment variable
`{ENV_PREFIX}<NAME>` (capitals), else in the TOML file of `run.py serve --config FILE`, else it has its default. A value
that can't be used ends the start with exit code 2 and says where it stands, its name and what is allowed.
This page is made from the rows in `stream/settings.py` by `python -m tests.settings_page`; a test holds them equal.

| name | default | unit | allowed | what it does |
|---|---|---|---|---|
"""


def page(rows: Iterable[Setting]) -> str:
    """The page as text: one line a setting."""
    lines = []
    for row in rows:
        default = str(row.default).lower() if isinstance(row.default, bool) else row.default
        default = "(empty)" if default in ("", ()) else default
        allowed = row.allowed.replace("|", "\\|")
        lines.append(f"| `{row.name}` | {default} | {row.unit} | {allowed} | {row.help} |\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    (ROOT / "docs" / "settings.md").write_text(page(SETTINGS))
