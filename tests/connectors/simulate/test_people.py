"""Who lives in the simulated homes is invented, and the same at each start."""

from __future__ import annotations

from connectors.simulate.people import people
from geo.city import load_city


def test_each_household_has_somebody_and_nobody_has_a_true_telephone():
    city = load_city()
    found = dict(people(city))
    assert found.keys() == city.households.keys()
    assert found == dict(people(city))
    for home, who in found.items():
        assert who.phone.startswith("031-000-")
        assert "모의" in who.address
        assert city.households[home].dong in who.address
        band = city.households[home].age_band
        assert 2026 - who.birth_year >= int(band[:2])
    assert len({who.name for who in found.values()}) > 50
