"""The simulated day: a program of its own that speaks only the event contract, so that real devices can replace it.

``python -m connectors.simulate --url http://127.0.0.1:8050 --token T``. See docs/simulate.md.
"""
