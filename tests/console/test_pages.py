"""The tuple of pages is whole: every page of the matrix has its module, and no module is a page of nothing."""

from __future__ import annotations

import re
from pathlib import Path

from console import pages
from console.matrix import matrix


def test_every_page_of_the_matrix_has_one_module():
    names = [name for page in pages.PAGES for name in page.NAMES]
    assert sorted(names) == sorted(page.name for page in matrix().pages)
    assert all(page.layout.__doc__ for page in pages.PAGES)


def test_modules_of_javascript_are_imported_and_not_put_on_the_page_twice():
    ignored = [re.compile(rule) for rule in pages.DASH["assets_path_ignore"]]
    folders = [f.name for f in Path("assets").iterdir() if f.is_dir() and any(f.glob("*.js"))]
    assert folders
    assert [f for f in folders if not any(rule.search(f) for rule in ignored)] == []
