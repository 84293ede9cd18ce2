"""The score is a sum that explains itself, and the pinned floors hold whatever the source's record says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cep.priority import LOWEST, priority_of, score, threat
from cep.threat import MATTERS, floor
from stream.bodies import ContextNoted
from stream.schema import DetectionRef, Factor, Place, Severity
from stream.trust import Trust
from tests.cep.fusetown import FRAIL_HOME, HOME, SITE, osan
from tests.ledger import T0

NIGHT = T0 - 6 * 3600 * 10**6  # 03:00


def ref(
    rule: str, severity: Severity = Severity.serious, source: str = "/device/a", **evidence: object
) -> DetectionRef:
    return DetectionRef(rule, T0, "x", int(severity), evidence, source=source)


def place(subject: str) -> Place:
    known = osan().place(subject)
    assert known is not None
    return Place(known.lon, known.lat, known.site, known.zone, known.household, known.dong, known.name)


def points(detections: list[DetectionRef], where: Place | None = None, at: int = T0, trust: Trust | None = None,
           context: dict | None = None, own: tuple[Factor, ...] = ()) -> dict[str, int]:
    total, priority, factors = score(tuple(detections), where, context or {}, trust or Trust(), osan(), at, own)
    assert sum(f.points for f in factors) == total and priority == priority_of(total)
    return {f.name: f.points for f in factors} | {"total": total, "P": int(priority)}


def test_a_bare_alarm_is_its_threat():
    assert points([ref("vital")]) == {"threat": 38, "total": 38, "P": 3}


def test_who_lives_there_counts():
    assert points([ref("vital")], place(HOME))["vulnerability"] == 3
    assert points([ref("vital")], place(FRAIL_HOME))["vulnerability"] == 12


def test_a_school_a_child_and_the_hour_count_on_the_road():
    noon = points([ref("near_miss")], place(SITE))
    assert (noon["vulnerability"], noon.get("exposure")) == (5, None)
    run = points([ref("near_miss", person_class="child")], place(SITE), at=T0 - 1800 * 10**6)
    assert (run["vulnerability"], run["exposure"]) == (15, 5)
    assert points([ref("near_miss")], place(SITE), at=NIGHT)["exposure"] == 3


def test_weather_counts_where_it_hurts():
    heat = {("오산시", "weather", "heatwave"): ContextNoted("weather", "warning", "heatwave")}
    rain = {("오산시", "weather", "heavy_rain"): ContextNoted("weather", "advisory", "heavy_rain")}
    assert points([ref("inactivity")], place(HOME), context=heat)["exposure"] == 5
    assert "exposure" not in points([ref("inactivity")], place(HOME), context=rain)
    assert points([ref("near_miss")], place(SITE), context=rain)["exposure"] == 3
    assert points([ref("welfare_urgent", words=["rescue"])], place(HOME), context=rain)["exposure"] == 3
    assert "exposure" not in points([ref("welfare_urgent", words=["starvation"])], place(HOME), context=rain)


def test_a_case_says_by_which_word_it_is_so_grave():
    case = ref("welfare_urgent", Severity.severe, words=["starvation", "fire"])
    assert threat(case).why == "words" and threat(case).args["word"] == "fire"
    assert threat(ref("welfare_urgent")).why == threat(ref("vital")).why == "kind"


def test_a_second_opinion_counts_and_a_derived_one_does_not():
    assert points([ref("fall_reported"), ref("vital", source="/device/b")])["corroboration"] == 8
    still = DetectionRef("no_motion_after_fall", T0, "x", 3)
    assert "corroboration" not in points([ref("fall_reported"), still])
    assert points([ref("vital"), DetectionRef("inactivity", T0, "x", 2)])["corroboration"] == 8
    three = [ref("smoke_or_gas"), ref("vital", source="/device/b"), ref("welfare_urgent", source="/system/w")]
    assert points(three)["corroboration"] == 15


def test_a_parked_car_told_by_two_is_sure_but_no_alarm_and_beside_something_else_it_explains():
    parked = [ref("illegal_parking", Severity.moderate, source) for source in ("/device/a", "/device/b")]
    assert "corroboration" not in points(parked, place(SITE))
    assert points([*parked, ref("near_miss", source="/device/c")])["corroboration"] == 12
    assert points([ref("fall_reported"), ref("fall_reported", source="/device/b")])["corroboration"] == 8


def verdicts(false: int, confirmed: int, source: str = "/device/a") -> Trust:
    trust = Trust()
    trust._verdicts[source] = [confirmed, false]
    return trust


def test_what_a_timer_concluded_clears_no_record():
    still, false = DetectionRef("no_motion_after_fall", T0, "x", 3), verdicts(30, 0)
    assert points([ref("fall_reported"), still], trust=false)["source_record"] == -18
    assert "source_record" not in points([ref("fall_reported"), ref("vital", source="/device/b")], trust=false)
    alone = DetectionRef("inactivity", T0, "x", 2)
    assert points([alone], trust=verdicts(30, 0, "x"))["source_record"] == -18
    assert "source_record" not in points([ref("vital", source="/device/b"), alone], trust=verdicts(30, 0, "x"))


def test_a_source_that_cried_wolf_loses_points_but_not_for_one_mistake():
    assert points([ref("fall_reported")], trust=verdicts(1, 0))["source_record"] == -4
    assert points([ref("fall_reported")], trust=verdicts(30, 0))["source_record"] == -18
    assert "source_record" not in points([ref("fall_reported")], trust=verdicts(1, 30))
    good = [ref("fall_reported"), ref("vital", source="/device/b")]
    assert "source_record" not in points(good, trust=verdicts(30, 0))


def test_the_floor_supplies_what_is_missing_even_for_a_source_that_cried_wolf():
    smoke = points([ref("smoke_or_gas", Severity.severe)], trust=verdicts(50, 0))
    assert smoke == {"threat": 50, "source_record": -19, "floor": 39, "total": 70, "P": 1}
    assert points([ref("near_miss", Severity.severe, ttc_s=0.0)])["P"] == 1
    assert points([ref("near_miss", Severity.severe, ttc_s=0.4)])["P"] == 2


def test_a_persons_word_stays():
    mine = Factor("operator", 20, "operator")
    assert points([ref("vital")], own=(mine,))["total"] == 58


DETECTIONS = st.builds(
    lambda rule, severity, source, ttc: DetectionRef(rule, T0, "x", severity, {"ttc_s": ttc}, source=source),
    st.sampled_from(sorted(MATTERS)), st.integers(1, 3), st.sampled_from(["", "/device/a", "/device/b", "/device/c"]),
    st.sampled_from([0.0, 1.2]))


@given(st.lists(DETECTIONS, min_size=1, max_size=6), st.integers(0, 60), st.integers(0, 60), st.integers(0, 23))
def test_always_a_true_sum_from_0_to_100_and_never_below_the_pinned_floor(detections, false, confirmed, hour):
    told = points(detections, place(SITE), T0 + hour * 3600 * 10**6, verdicts(false, confirmed))
    assert 0 <= told["total"] <= 100
    assert told["P"] <= min(floor(d) for d in detections)
    assert LOWEST == {1: 70, 2: 45, 3: 25, 4: 0}
