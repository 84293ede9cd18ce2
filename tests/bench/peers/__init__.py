"""The engine beside engines that a user could pick instead; not part of the test run (README.md)."""
