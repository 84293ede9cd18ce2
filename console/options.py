"""The words that may follow ``demo`` and ``serve`` on the command line."""

from __future__ import annotations

import argparse

from console.verbs import VERBS


def options(words: list[str], verb: str) -> argparse.Namespace:
    """The command line of ``demo`` and ``serve``."""
    p = argparse.ArgumentParser(f"run.py {verb}", description=VERBS[verb].help)
    p.add_argument("--port", type=int, help="port of the pages (default 8050; 0: a free one)")
    p.add_argument("--data", metavar="DIR", help="folder of the store, the vault and the key (default: data)")
    p.add_argument("--mqtt", metavar="HOST:PORT", help="also take events from this broker")
    p.add_argument("--speed", type=float, help="how much faster than the wall the console's clock runs")
    p.add_argument("--json", action="store_true", help="say in one JSON line on stdout when it is ready")
    p.add_argument("--config", metavar="FILE", help="settings file (TOML)", required=verb == "serve")
    if verb == "demo":
        p.add_argument("--idle", action="store_true", help="no simulated events: you feed it")
        p.add_argument("--storm", action="store_true", help="the simulated day begins with ten minutes of heavy rain")
    else:
        p.add_argument("--role", choices=("all", "core", "web"), default="all",
                       help="what this process does: core decides, web shows (docs/operation.md)")
    return p.parse_args(words)
