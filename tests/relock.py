"""Pin the packages anew: ``python -m tests.relock [--upgrade]`` (needs the program uv) writes both lock files.

One lock a set, good for every supported Python and machine: uv resolves universally, one version of a package for all
where that can be, wheels only, with the hashes of the public index's files and without an address in it.
"""

from __future__ import annotations

import subprocess
import sys

from tests.servers import ROOT

OPTIONS = (
    "--universal", "--python-version", "3.11.2", "--fork-strategy", "fewest", "--no-build", "--generate-hashes",
    "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet",
)


def main(words: list[str]) -> int:
    """Compile the run set, then the test set bound to the very versions of the first."""
    for source, bound in (("requirements", ()), ("requirements-test", ("-c", "requirements.lock"))):
        command = ["uv", "pip", "compile", *OPTIONS, *words, *bound, f"{source}.in", "-o", f"{source}.lock"]
        subprocess.run(command, cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
