"""Who lives in the simulated homes: invented names, so that the vault has something to keep apart.

No name, street or telephone here belongs to anybody: streets are numbered after the pseudonym, and telephone numbers
use the exchange 000, which nobody has.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from geo.city import City
from stream.vault import Identity

SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = (
    "순자", "영희", "말순", "정숙", "옥순", "춘자", "복례", "은주",
    "광수", "영수", "병철", "상호", "종식", "만호", "길동", "덕수",
)
THIS_YEAR = 2026


def people(city: City) -> Iterator[tuple[str, Identity]]:
    """Pseudonym and invented identity of each household of a city; the same each time."""
    for home in city.households.values():
        dice = Random(home.id)
        number = int("".join(c for c in home.id if c.isdigit()) or 0)
        yield home.id, Identity(
            name=dice.choice(SURNAMES) + dice.choice(GIVEN),
            address=f"{home.dong} 모의로 {number % 97 + 1} (모의 주소)",
            phone=f"031-000-{number % 10000:04d}",
            birth_year=THIS_YEAR - _age(home.age_band, dice),
        )


def _age(band: str, dice: Random) -> int:
    """Some age of a band such as ``75-84`` or ``85+``."""
    low = int("".join(c for c in band[:2] if c.isdigit()) or 70)
    return low + dice.randrange(8)
