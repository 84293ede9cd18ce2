"""Welfare cases: signs the city's systems add up, and what people write. All texts are invented."""

from __future__ import annotations

from random import Random
from typing import Any

from stream.signals import SIGNS as NAMED

# code -> weight of one sign (the rule speaks at a sum of 1.0)
SIGNS = {code: NAMED[code].weight for code in (
    "power_arrears", "gas_arrears", "rent_arrears", "health_insurance_arrears", "hospital_discharge", "long_absence",
    "counselling_broken_off", "job_lost", "school_absence", "meal_service_unclaimed",
)}  # fmt: skip

# channel, text: written by a person in plain trouble, nothing urgent
QUIET_TEXTS = (
    ("citizen", "관리비를 두 달째 내지 못했습니다. 긴급지원을 신청할 수 있는지 문의드립니다."),
    ("neighbour", "옆집 어르신이 요즘 통 안 보이시는데 우편물이 쌓여 있어 걱정됩니다."),
    ("chatbot", "일자리를 잃어서 다음 달 월세가 걱정이에요. 어디에 물어봐야 하나요?"),
    ("school", "최근 일주일 사이 세 번 결석했고 준비물을 챙겨 오지 못합니다. 가정 방문을 요청합니다."),
    ("citizen", "허리를 다쳐 일을 못 하고 있습니다. 식사 지원이 가능할까요?"),
)

# channel, text, anonymous: a person is in danger
URGENT_TEXTS = (
    ("chatbot", "더는 버틸 힘이 없어요. 죽고 싶다는 생각만 듭니다.", False),
    ("neighbour", "윗집에서 아이 우는 소리와 때리는 소리가 계속 들려요. 빨리 와 주세요.", True),
    ("citizen", "쌀이 떨어져 사흘째 굶고 있습니다. 도와주세요.", False),
    ("neighbour", "혼자 사시는 할머니 댁에서 폭행을 당하는 것 같은 소리가 났어요.", True),
    ("chatbot", "유서를 썼어요. 아무도 저를 찾지 않을 거예요.", False),
)

# a neighbour of a home with smoke in it
FIRE_TEXTS = (
    "옆집에서 타는 냄새가 심하게 나고 문을 두드려도 대답이 없어요.",
    "앞집 창문으로 연기가 자욱하게 나와요. 할머니 혼자 사시는 집이에요.",
)


def signs(rng: Random, count: int) -> list[dict[str, Any]]:
    """``count`` different signs with their weights."""
    return [{"code": code, "weight": SIGNS[code]} for code in rng.sample(sorted(SIGNS), count)]


def risk(found: list[dict[str, Any]], rng: Random) -> float:
    """A score of 0-100 that grows with the signs, below the urgent mark of 80 while their weights stay below 1."""
    return round(min(20 + 55 * sum(s["weight"] for s in found) + rng.uniform(-5, 3), 78), 0)


def quiet_case(rng: Random, dong: str, household: str | None) -> dict[str, Any]:
    """A case that no urgent rule speaks of: one or two signs, or a letter."""
    if rng.random() < 0.5:
        found = signs(rng, rng.choice((1, 2)))
        return {"dong": dong, "household": household, "channel": "system", "risk": risk(found, rng), "signals": found}
    channel, text = rng.choice(QUIET_TEXTS)
    return {"dong": dong, "channel": channel, "signals": signs(rng, 1), "text": text}


def urgent_case(rng: Random, dong: str) -> dict[str, Any]:
    """A letter of a person in danger."""
    channel, text, anonymous = rng.choice(URGENT_TEXTS)
    return {"dong": dong, "channel": channel, "signals": signs(rng, 1), "text": text, "anonymous": anonymous}


def fire_case(rng: Random, dong: str, household: str) -> dict[str, Any]:
    """A neighbour tells of fire in this home."""
    text = rng.choice(FIRE_TEXTS)
    return {"dong": dong, "household": household, "channel": "neighbour", "signals": [], "text": text}


def cut_off_case(rng: Random, dong: str, household: str) -> dict[str, Any]:
    """The supplier has cut this home off."""
    found = [{"code": "power_cut", "weight": NAMED["power_cut"].weight}, *signs(rng, 1)]
    score = round(rng.uniform(82, 90), 0)
    return {"dong": dong, "household": household, "channel": "system", "risk": score, "signals": found}


def grave_case(rng: Random, dong: str, household: str) -> dict[str, Any]:
    """So many signs that the system itself calls the home at risk."""
    found = signs(rng, 4)
    score = round(rng.uniform(82, 95), 0)
    return {"dong": dong, "household": household, "channel": "system", "risk": score, "signals": found}
