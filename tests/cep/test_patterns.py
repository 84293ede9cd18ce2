"""Patterns: every default fits its own field."""

from cep.patterns import PATTERNS


def test_every_default_fits_its_own_field() -> None:
    for pattern in PATTERNS.values():
        assert pattern.help
        for field in (*pattern.thresholds.values(), *pattern.match.values()):
            if field.default is not None and isinstance(field.default, int | float | str | list | dict):
                assert field.fits(field.default)
