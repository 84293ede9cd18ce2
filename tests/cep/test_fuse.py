"""From detections to few incidents: what joins, what stays apart, what comes back, and no P1 ever hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cep.threat import LIFE_RULES, floor
from geo.near import metres
from stream.schema import US, DetectionRef, Place, Priority, State
from tests.cep.fusetown import FRAIL_HOME, HOME, OTHER_SITE, SITE, Town, osan
from tests.ledger import T0


def kinds_of(drafts: list) -> list[str]:
    return [d.kind for d in drafts]


def test_a_single_speeding_pass_is_only_noted():
    town = Town()
    drafts = town.see("speeding", kph=52)
    assert kinds_of(drafts) == ["detection.noted"] and drafts[0].subject == SITE
    assert town.board.open(town.now) == []


def test_a_near_miss_opens_an_incident_at_its_crosswalk():
    town = Town()
    town.see("near_miss", ttc_s=1.2, vehicle="v1", person="p1")
    incident = town.only()
    assert (incident.kind, incident.domain, incident.subject) == ("near_miss", "road", SITE)
    assert incident.place is not None and incident.place.site == SITE and not incident.unplaced
    assert incident.stamps == {"source": T0, "decided": T0} and incident.annunciated


def test_repeats_of_one_rule_and_subject_fold_and_are_counted():
    town = Town()
    for n in range(50):
        town.see("near_miss", after=n, ttc_s=1.2, vehicle=f"v{n}", person="p1")
    incident = town.only()
    assert (incident.detections[0].n, incident.revision) == (50, 1)
    assert incident.detections[0].last_at == T0 + 49 * US


def test_a_surge_that_is_over_is_not_the_next_one():
    town = Town()
    town.see("near_miss", ttc_s=1.2)
    town.see("near_miss", after=301, ttc_s=1.2)
    assert town.kinds() == ["near_miss", "near_miss"]


def test_speeding_becomes_evidence_of_what_is_open_at_the_crosswalk():
    town = Town()
    town.see("near_miss", ttc_s=1.2)
    assert kinds_of(town.see("speeding", after=10, kph=51, source="/device/r-2")) == [
        "incident.attached", "incident.scored"]
    assert {f.name for f in town.only().factors} >= {"threat", "corroboration"}
    assert kinds_of(town.see("speeding", after=12, kph=55, source="/device/r-2")) == ["incident.folded"]


def test_speeding_child_and_blocked_view_at_one_crosswalk_are_one():
    town = Town()
    one = 4 * 3600.0  # in the afternoon, on the way home from school
    town.see("reported", after=one, what="illegal_parking", source="/device/cam-1")
    town.see("speeding_with_child", after=one + 60, severity="severe", source="/device/r-1")
    town.see("reported", after=one + 70, what="obstruction", source="/device/cam-1")
    incident = town.only()
    assert (incident.kind, incident.priority) == ("speeding_with_child", Priority.P1)
    assert [d.evidence.get("what", d.rule) for d in incident.detections] == [
        "illegal_parking", "speeding_with_child", "obstruction"]


def test_one_collision_on_two_cameras_is_one_item_with_two_opinions():
    town = Town()
    town.see("reported", what="collision", source="/device/cam-1")
    before = town.only().score
    town.see("reported", after=3, what="collision", source="/device/cam-2")
    incident = town.only()
    assert len(incident.detections) == 2 and incident.score == before + 8


def test_smoke_no_motion_and_an_unanswered_call_in_one_home_are_one():
    town = Town()
    town.see("fall_reported", HOME, source="/device/hub-2")
    town.see("no_motion_after_fall", HOME, after=60, source="")
    town.see("safety_call_unanswered", HOME, after=400, source="/system/calls")
    town.see("smoke_or_gas", HOME, after=500, source="/device/smoke-2", alarm="smoke")
    town.see("welfare_urgent", HOME, after=600, source="/system/welfare", case="WC-1")
    incident = town.only()
    assert (incident.kind, incident.domain, incident.priority) == ("smoke_or_gas", "cross", Priority.P1)
    assert incident.place is not None and incident.place.household == HOME
    rules = [d.rule for d in incident.detections]
    assert len(rules) == 6 and rules[4] == "home_fire_unanswered"  # joined with the smoke


def test_two_homes_of_one_block_never_become_one_even_when_both_burn():
    city = osan()
    homes = list(city.households.values())
    pair = next((a, b) for a in homes for b in homes if a.id < b.id and metres(a.lon, a.lat, b.lon, b.lat) < 120)
    town = Town()
    for home in pair:
        town.see("smoke_or_gas", home.id, source=f"/device/smoke-{home.id}")
    assert len(town.board.open(town.now)) == 2


def test_a_camera_that_sees_fire_beside_a_burning_home_joins_it():
    city = osan()
    home, site = min(
        ((h, s) for h in city.households.values() for s in city.sites.values()),
        key=lambda pair: metres(pair[0].lon, pair[0].lat, pair[1].lon, pair[1].lat))
    assert metres(home.lon, home.lat, site.lon, site.lat) < 130
    town = Town()
    town.see("smoke_or_gas", home.id, source="/device/smoke")
    town.see("reported", site.id, after=90, what="fire_smoke", source="/device/cam-1")
    assert town.only().domain == "cross" and len(town.only().detections) == 2


def test_a_fall_on_camera_and_the_route_apps_call_beside_it_are_one():
    town = Town()
    site = osan().sites[SITE]
    town.see("reported", what="fall", source="/device/cam-1", x=1.0, y=2.0)
    town.see("sos", "user-9", after=20, source="/system/app", lon=site.lon, lat=site.lat)
    assert (town.only().kind, town.only().priority) == ("sos", Priority.P1)


def test_far_or_late_or_unlike_things_stay_apart():
    town = Town()
    town.see("near_miss", ttc_s=1.2)
    town.see("near_miss", OTHER_SITE, ttc_s=1.2)
    town.see("reported", what="loitering", after=130)
    town.see("welfare_urgent", "WC-7", dong="가수동", case="WC-7", source="/system/welfare")
    assert sorted(town.kinds()) == ["loitering", "near_miss", "near_miss", "welfare_urgent"]


def test_what_is_known_by_its_dong_alone_fuses_with_nothing_but_itself():
    town = Town()
    for case in ("WC-1", "WC-2"):
        town.see("welfare_urgent", case, dong="가수동", case=case, source="/system/welfare")
    town.see("welfare_contact_overdue", "WC-1", after=86400, source="", dong="가수동", case="WC-1")
    assert len(town.board.open(town.now)) == 2
    assert sorted(len(i.detections) for i in town.board.open(town.now)) == [1, 2]


def test_an_unknown_home_is_still_an_alarm_but_unplaced_and_never_fused_by_place():
    town = Town()
    for home in ("HH-9998", "HH-9999"):
        town.see("smoke_or_gas", home)
    assert [i.unplaced for i in town.board.open(town.now)] == [True, True]


def test_a_worse_one_raises_the_incident_and_brings_it_back_to_new():
    town = Town()
    town.see("near_miss", ttc_s=1.2, vehicle="v1", person="p1")
    town.do("acknowledge", town.only().id)
    drafts = town.see("near_miss", after=5, severity="severe", ttc_s=0.0, vehicle="v1", person="p1")
    assert kinds_of(drafts) == ["incident.attached", "incident.scored", "incident.returned"]
    incident = town.only()
    assert (incident.priority, incident.state, incident.new_at) == (Priority.P1, State.new, T0 + 5 * US)
    assert incident.detections[0].evidence["ttc_s"] == 0.0


def test_another_p1_pair_annunciates_again_and_the_same_alarm_going_on_does_not():
    town = Town()
    town.see("near_miss", severity="severe", ttc_s=0.0, vehicle="v1", person="p1")
    id = town.only().id
    town.do("acknowledge", id)
    town.see("near_miss", after=3, severity="severe", ttc_s=0.0, vehicle="v1", person="p1")
    assert town.get(id).state == State.acknowledged
    town.see("near_miss", after=4, severity="severe", ttc_s=0.0, vehicle="v2", person="p9")
    assert town.get(id).state == State.new
    home = Town()
    for n in range(20):
        home.see("smoke_or_gas", HOME, after=30 * n, alarm="smoke")
        if n == 0:
            home.do("acknowledge", home.only().id)
    assert home.only().state == State.acknowledged and home.only().detections[0].n == 20
    home.see("smoke_or_gas", HOME, after=570 + 600, alarm="smoke")
    assert home.only().state == State.new


def test_resolved_and_going_on_no_worse_needs_nobody_worse_comes_back_later_is_another():
    town = Town()
    town.see("near_miss", ttc_s=1.2)
    id = town.only().id
    town.do("resolve", id, disposition="confirmed", reason="watched")
    assert kinds_of(town.see("near_miss", after=60, ttc_s=1.3)) == ["incident.folded"]
    assert town.get(id).state == State.resolved
    town.see("near_miss", after=120, severity="severe", ttc_s=0.4)
    assert (town.only().id, town.only().state, town.only().disposition) == (id, State.new, "")
    town.do("resolve", id, disposition="confirmed", reason="watched")
    town.see("near_miss", after=120 + 301, ttc_s=1.2)
    assert town.only().id != id


def test_what_stands_in_the_way_goes_on_as_long_as_it_is_told_of():
    town = Town()
    town.see("reported", what="illegal_parking")
    id = town.only().id
    town.do("resolve", id, disposition="confirmed", reason="watched")
    for after in (1500, 3000, 4800):
        assert kinds_of(town.see("reported", what="illegal_parking", after=after)) == ["incident.folded"]
    assert town.get(id).state == State.resolved
    town.see("reported", what="illegal_parking", after=4800 + 1801)
    assert town.only().id != id
    town.do("resolve", town.only().id, disposition="confirmed", reason="watched")
    town.see("reported", what="wrong_way", after=4800 + 1900)  # worse, and another matter
    assert town.only().kind == "wrong_way"


def test_an_alarm_judged_false_that_still_sounds_a_minute_later_comes_back():
    town = Town()
    town.see("smoke_or_gas", HOME, alarm="smoke")
    id = town.only().id
    town.do("resolve", id, disposition="false_alarm", reason="steam")
    assert kinds_of(town.see("smoke_or_gas", HOME, after=30, alarm="smoke")) == ["incident.folded"]
    town.see("smoke_or_gas", HOME, after=90, alarm="smoke")
    assert (town.only().id, town.only().state) == (id, State.new)


def test_a_shelved_one_stays_so_until_it_is_worse():
    town = Town()
    town.see("reported", what="wrong_way")
    id = town.only().id
    town.do("shelve", id, reason="roadworks", minutes=60)
    town.see("reported", what="wrong_way", after=30)
    assert town.get(id).state == State.shelved
    town.see("reported", what="collision", after=60, source="/device/cam-2")
    assert (town.get(id).state, town.get(id).shelved_until) == (State.new, 0)


def test_work_in_hand_is_not_torn_away_by_evidence_but_by_a_new_p1():
    town = Town()
    town.see("fall_reported", HOME)
    id = town.only().id
    town.do("assign", id)
    town.see("vital", HOME, after=20, source="/device/watch")
    assert town.get(id).state == State.in_progress
    town.see("no_motion_after_fall", HOME, after=60, source="")
    assert (town.get(id).state, town.get(id).assigned_to) == (State.new, "op1")
    town.do("escalate", id, agency="119")
    town.see("smoke_or_gas", HOME, after=90, source="/device/smoke")
    assert town.get(id).state == State.new
    assert town.do("acknowledge", id).state == State.escalated


def test_what_a_person_lowered_stays_low_until_it_is_worse_than_he_saw():
    town = Town()
    town.see("smoke_or_gas", HOME, source="/device/smoke-2")
    id = town.only().id
    town.do("change_priority", id, priority="P3", reason="known_test")
    town.do("acknowledge", id)
    town.see("smoke_or_gas", HOME, after=20, source="/device/smoke-2")
    assert (town.get(id).priority, town.get(id).state) == (Priority.P3, State.acknowledged)
    town.see("safety_call_unanswered", HOME, after=30, source="/system/calls")
    assert (town.get(id).priority, town.get(id).state) == (Priority.P1, State.new)


def test_a_device_that_chatters_is_marked_and_asked_for():
    town = Town()
    town.see("reported", what="loitering", source="/device/cam-1")
    assert kinds_of(town.see("chattering", after=1, of="reported")) == ["detection.noted"]  # once by each
    town.see("reported", what="loitering", source="/device/cam-1", after=1)
    drafts = town.see("chattering", after=2, source="/device/cam-1", of="reported")
    assert kinds_of(drafts) == ["detection.noted", "device.noted", "incident.marked"]
    assert town.only().marks == ("chattering",)
    assert kinds_of(town.see("chattering", after=9, source="/device/cam-1", of="reported")) == [
        "detection.noted", "device.noted"]
    row = town.board.devices.get("/device/cam-1")
    assert row is not None and row.tickets == {"chattering": 2}


def test_silence_and_tampering_are_tickets_and_never_incidents():
    town = Town()
    town.see("source_silent", "/device/r-9", source="")
    town.see("reported", what="tamper", source="/device/cam-2")
    town.see("tamper_reported", HOME, source="/device/hub-2")
    assert town.board.open(town.now) == []
    silent = town.board.devices.get("/device/r-9")
    assert silent is not None and silent.silent_since == T0
    assert [r.source for r in town.board.devices.asking()] == ["/device/cam-2", "/device/hub-2", "/device/r-9"]


def test_an_incident_opened_by_hand_takes_the_detections_of_its_place_in():
    town = Town()
    site = osan().sites[SITE]
    drafts = town.ask_hand("collision", Place(site.lon, site.lat, site=SITE))
    town.note(drafts)
    town.see("reported", what="collision", after=30, source="/device/cam-1")
    assert town.only().marks == ("by_hand",) and len(town.only().detections) == 1


def test_in_a_flood_a_p3_is_listed_silently_and_p1_and_p2_still_sound():
    town = Town()
    sites = list(osan().sites)[::5]
    for n, site in enumerate(sites[:8]):
        town.see("reported", site, after=n, what="wrong_way", source=f"/device/cam-{n}")
    quiet = [i for i in town.board.open(town.now) if not i.annunciated]
    assert len(quiet) == 3 and {i.priority for i in quiet} == {Priority.P3} and {i.marks for i in quiet} == {("flood",)}
    town.see("smoke_or_gas", HOME, after=20)
    town.see("reported", sites[9], after=21, what="assault")
    assert [i.annunciated for i in town.board.open(town.now)[:2]] == [True, True]
    town.see("reported", quiet[0].subject, after=30, what="collision", source="/device/other")
    assert town.get(quiet[0].id).annunciated
    town.see("reported", sites[10], after=700, what="wrong_way")
    assert town.board.of(sites[10])[0].annunciated


@pytest.mark.parametrize("reason", ["steam", "pet", "cooking", "shadow", "sensor_fault"])
@pytest.mark.parametrize("rule", ["smoke_or_gas", "sos", "no_motion_after_fall"])
def test_no_number_of_false_alarms_mutes_a_danger_to_life(rule, reason):
    town = Town()
    for n in range(40):
        town.see(rule, HOME, after=n * 4000.0)
        town.do("resolve", town.only().id, disposition="false_alarm", reason=reason)
    town.see(rule, HOME, after=200_000.0)
    assert (town.only().priority, town.only().annunciated) == (Priority.P1, True)
    assert {f.name: f.points for f in town.only().factors}["source_record"] <= -15


RULES = ["near_miss", "smoke_or_gas", "sos", "no_motion_after_fall", "fall_reported", "speeding", "reported", "vital"]
FLOOD = st.lists(st.tuples(
    st.sampled_from(RULES), st.sampled_from([SITE, OTHER_SITE, HOME, FRAIL_HOME]), st.integers(0, 90),
    st.sampled_from([0.0, 0.7, 1.4]), st.integers(1, 3),
    st.sampled_from(["", "", "acknowledge", "assign", "shelve", "resolve", "escalate"])), max_size=50)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(FLOOD)
def test_no_p1_is_ever_hidden_whatever_floods_in_and_every_detection_is_somewhere(flood):
    town = Town()
    sounded: dict[tuple, int] = {}
    for rule, subject, seconds, ttc, n, deed in flood:
        town.wait(seconds)
        grave = "severe" if rule in LIFE_RULES or (rule == "near_miss" and ttc < 1) else ""
        told = {"ttc_s": ttc, "vehicle": n, "person": n} if rule == "near_miss" else {}
        told |= {"what": "collision"} if rule == "reported" else {}
        drafts = town.see(rule, subject, source=f"/device/{n}", severity=grave, **told)
        assert sum(d.kind in ("incident.opened", "incident.attached", "incident.folded", "detection.noted")
                   and "parts" not in d.body.get("detection", {}).get("evidence", {}) for d in drafts) == 1
        ref = DetectionRef(rule, town.now, subject, 3 if grave else 2, told)
        if floor(ref) == Priority.P1:
            incident = town.get(next(d.subject for d in drafts if d.kind.startswith("incident.")))
            assert incident.priority == Priority.P1 and incident.state != State.shelved and incident.annunciated
            same = (incident.id, rule, subject, n, ttc if rule == "near_miss" else None)
            heard = sounded.get(same, -(10**18))
            if incident.state == State.resolved:  # only the very alarm that was judged less than a minute ago
                assert same in sounded and town.now - incident.resolved_at < 60 * US
            elif incident.state != State.new:
                assert town.now - heard < 600 * US
            sounded[same] = town.now
        for i in town.board.open(town.now):
            assert sum(f.points for f in i.factors) == i.score
        if deed and (open_ := town.board.open(town.now)):
            args = {"shelve": {"reason": "x", "minutes": 5}, "resolve": {"disposition": "confirmed", "reason": "x"},
                    "escalate": {"agency": "119"}}.get(deed, {})
            answer = town.ask(deed, open_[n % len(open_)].id, revision=open_[n % len(open_)].revision, **args)
            if isinstance(answer, list):
                town.note(answer)
