"""Benchmarks: measured figures, one JSON line each. They are no tests; what a test asserts is never a time."""
