"""Texts of welfare cases: a cry for help is heard, a denial or a harmless look-alike is not."""

import tomllib
from pathlib import Path
from unicodedata import normalize

import pytest

from cep.urgent import TEXT_MAX, plain, urgent_classes

TABLES = [
    tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))
    for name in ("urgent_texts.toml", "urgent_letters.toml")
]
GROUPS = [group for table in TABLES for group in table["heard"]]
QUIET = [text for table in TABLES for text in table["quiet"]]

HEARD = {
    "아버지가 술만 마시면 때려요": ("violence",),
    "남편에게 맞고 있습니다": ("violence",),
    "아동 학대가 의심됩니다": ("violence",),
    "죽고 싶어요": ("self_harm",),
    "죽고싶다는 말을 자주 하십니다": ("self_harm",),
    "이제 살고 싶지 않다고 하세요": ("self_harm",),
    "옆집에 불이 났어요": ("fire",),
    "복도에 연기가 자욱합니다": ("fire",),
    "가스 냄새가 나요": ("fire",),
    "며칠째 굶고 계십니다": ("starvation",),
    "집에 먹을 것이 없어요": ("starvation",),
    "쌀이   떨어져서\n밥을 못 먹고 있어요": ("starvation",),
    "때려서 먹을 것도 없는 방에 가둬 놓았어요": ("violence", "starvation"),
    "죽고 싶지 않아요. 그런데 며칠째 굶었어요": ("starvation",),
    "집안 폭행이 있었습니다": ("violence",),
    "he said he wants to end my life": ("self_harm",),
    "no food for three days": ("starvation",),
    "때리지는 않지만 죽이겠다고 협박합니다": ("violence",),
    "남편이 매일 때린다고 합니다": ("violence",),
    "방에 가두고 밥을 안 줘요": ("violence", "starvation"),
    "아이를 가뒀어요": ("violence",),
    "노인학대 신고": ("violence",),
    "동반자살을 말합니다": ("self_harm",),
    "주택화재로 갈 곳이 없어요": ("fire",),
    "불 났어요": ("fire",),
    "아사 직전입니다": ("starvation",),
    "삶을 끝내고 싶다고 합니다": ("self_harm",),
    "불이야": ("fire",),
    "there is a fire in the kitchen": ("fire",),
    "he hits me": ("violence",),
    "아무것도못먹었어요": ("starvation",),
}
UNHEARD = [
    None,
    "",
    "전기요금이 석 달 밀렸습니다",
    "죽고 싶지 않다",
    "죽고 싶지는 않습니다",
    "죽고 싶은 건 아니에요",
    "죽고 싶다는 생각은 없습니다",
    "때리지 않았어요",
    "안 때려요",
    "폭행은 없었습니다",
    "학대 정황 없음",
    "학대 흔적은 전혀 없음",
    "불이 나지는 않았습니다",
    "화재는 아닙니다",
    "굶지는 않습니다",
    "이불이나 옷이 필요합니다",
    "이불이 나달나달합니다",
    "화재보험 상담",
    "자살예방센터 안내를 받음",
    "칼로리가 높은 음식",
    "방에 불이 나갔어요 전구를 갈아 주세요",
    "유서 깊은 동네",
    "She is not starving",
    "관리비가 두 달째 밀렸다",
    "가스비가 두 배로 올랐어요",
    "혼자 살고 있습니다",
    "혼자살아요",
    "수급자 해당 여부 문의",
    "장학 대상자 문의",
    "친구 타고 온 차",
    "그때 리모컨이 고장났어요",
    "문화재 해설 봉사를 하셨대요",
    "사유서를 냈습니다",
    "공유서비스 신청",
    "제목을 조정해 주세요",
    "가스 새로 설치",
    "주사를 맞고 있어요",
    "때린 적은 없어요",
    "fire insurance",
    "가두리 양식장",
    "전화재발신",
    "불이야기",
    "no domestic violence",
]


@pytest.mark.parametrize(("text", "classes"), HEARD.items())
def test_a_cry_for_help_is_heard(text: str, classes: tuple[str, ...]) -> None:
    assert urgent_classes(text) == classes


@pytest.mark.parametrize("text", UNHEARD)
def test_a_denial_or_a_look_alike_is_not(text: str | None) -> None:
    assert urgent_classes(text) == ()


def test_letters_taken_apart_are_the_same_letters() -> None:
    assert urgent_classes(normalize("NFD", "굶고 있어요")) == ("starvation",)


def test_an_endless_text_costs_no_endless_time() -> None:
    assert urgent_classes("가" * 500_000 + "굶") == ()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "+".join(group["classes"]))
def test_words_of_chats_neighbours_and_schools_are_heard(group: dict) -> None:
    assert [(t, urgent_classes(t)) for t in group["texts"]] == [(t, tuple(group["classes"])) for t in group["texts"]]


def test_idioms_denials_and_everyday_words_are_not() -> None:
    assert [(t, found) for t in QUIET if (found := urgent_classes(t))] == []


@pytest.mark.parametrize(
    "text",
    [
        "죽고 싶지 않은 건 아니에요",
        "죽고 싶은 생각이 없지는 않아요",
        "학대 의심 없음? 아니요 있습니다",
        "죽고 싶지 않다고 하지만 걱정돼요",
    ],
)
def test_a_denial_that_is_taken_back_asked_or_doubted_is_none(text: str) -> None:
    assert urgent_classes(text)


def test_marks_nobody_sees_and_letters_pulled_apart_hide_no_word() -> None:
    assert plain("\u202e죽\u200b고\ufeff 싶다") == "죽고 싶다"
    assert urgent_classes("죽 고 싶 어 요 \U0001f62d") == urgent_classes("자.살") == ("self_harm",)


def test_a_text_of_an_event_is_read_to_its_end() -> None:
    assert urgent_classes("가나다 라마바 " * 6250 + "굶고 있어요") == ("starvation",)  # 50,000 characters
    assert TEXT_MAX * 3 > 256 * 1024
