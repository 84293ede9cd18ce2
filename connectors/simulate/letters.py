"""What people write in a storm: letters about water in the street by the hundred, and some from people in it.

One in ``ONE_IN`` is from somebody in danger (ours: a guess on the high side, so that the desk is tried). Put together
from parts, so that hardly two are the same. All texts are invented.
"""

from __future__ import annotations

from random import Random

from connectors.simulate.messages import SYSTEM
from connectors.simulate.scenes import Stage
from connectors.simulate.welfare import signs

ONE_IN = 20
WHERE = (
    "집 앞 골목", "초등학교 뒷길", "시장 입구", "버스 정류장", "지하차도 앞", "아파트 주차장", "하천 산책로",
    "놀이터 옆", "경로당 앞", "공사장 옆",
)  # fmt: skip
WHAT = (
    "에 물이 발목까지 차서 걸어가기 어렵습니다.", "의 하수구가 막혀 물이 역류합니다.",
    "에 가로수가 쓰러져 인도를 막았습니다.", "의 맨홀 뚜껑이 들썩거립니다.", "의 간판이 떨어질 것 같습니다.",
    "의 가로등이 모두 꺼졌습니다.",
    "에 흙이 흘러내렸습니다.", "에 버려진 자전거가 떠 있습니다.",
)  # fmt: skip
ASKED = (
    "확인 부탁드립니다.", "언제쯤 조치되나요?", "어르신들이 자주 다니는 길입니다.", "배수 펌프를 보내 주세요.",
    "사진은 나중에 올리겠습니다.", "어디에 말해야 하는지 몰라 여기에 씁니다.",
)  # fmt: skip
IN_DANGER = (
    "반지하에 물이 허리까지 차올라 문이 열리지 않아요. 갇혔어요.", "차 안에 물이 들어와요. 살려 주세요.",
    "옆집 할머니가 방에 갇혀 계세요. 물이 계속 들어와요.", "정전된 집에서 타는 냄새가 나고 연기가 나요.",
)  # fmt: skip
WHO = (
    "아이 둘과 같이 있습니다.", "휠체어를 타는 분이라 혼자 못 나오십니다.", "전화기 배터리가 얼마 남지 않았어요.",
    "물살이 세서 다가갈 수가 없습니다.", "창문에 쇠창살이 있어 그쪽으로도 못 나갑니다.", "심장이 약한 분입니다.",
)  # fmt: skip
CHANNELS = ("citizen", "citizen", "neighbour", "chatbot")


def write(stage: Stage, seconds: float, count: int) -> int:
    """Plan ``count`` letters over so many seconds; how many of them are from people in danger."""
    rng, danger = stage.rng, 0
    for n in range(count):
        text = f"{rng.choice(WHERE)}{rng.choice(WHAT)} {rng.choice(ASKED)}"
        if n % ONE_IN == ONE_IN - 1:
            text, danger = f"{rng.choice(WHERE)} 근처입니다. {rng.choice(IN_DANGER)} {rng.choice(WHO)}", danger + 1
        _letter(stage, rng, seconds, text)
    return danger


def _letter(stage: Stage, rng: Random, seconds: float, text: str) -> None:
    case = stage.case()
    data = {"case": case, "dong": stage.dong(), "channel": rng.choice(CHANNELS), "signals": signs(rng, 1), "text": text}
    stage.later(rng.uniform(0, seconds), f"{SYSTEM}citizen-app", "city.welfare.case", case, **data)
