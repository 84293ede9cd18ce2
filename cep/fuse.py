"""From one detection to the queue: open an incident, join one, raise it, count a repeat, or only note it.

``decide`` reads the board and answers with records; it keeps nothing of its own, so the same board and detection always
give the same records, live and in a re-run. Detections of a device's health become a ticket.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from cep.fusing import GOES_ON_S, SETTLE_S, joins, last_at
from cep.priority import Scored, score
from cep.rescore import rescored
from cep.returns import another_p1, comes_back
from cep.rules import RuleTable, load_rules
from cep.suppress import held
from cep.threat import DEVICE_RULES, MEASURES, grade, kind_of, leading, matter
from cep.together import composites, together
from geo.city import City
from geo.frame import cell, to_lonlat
from stream import bodies
from stream.board import Board
from stream.fold import identity, what_of
from stream.kinds import draft
from stream.order import HYSTERESIS
from stream.schema import US, Detection, DetectionRef, Draft, Event, Factor, Incident, Place, Priority, Severity, State

SHARE = 5  # annunciations in ten minutes for a room of five positions (ANCHORS 4, the city's budget)
RETURN_S = 1800  # the time in which a worse detection brings the same incident back instead of opening another


class Fuse:
    """The deciding half of the queue for one city."""

    def __init__(self, city: City, rules: RuleTable | None = None) -> None:
        """``rules``: the set whose composite rules hold; default the built-in one."""
        self._city, self._rules = city, composites(rules or load_rules())
        self._places: dict[str, Place | None] = {}

    def use(self, rules: RuleTable, now: int) -> None:
        """Fuse by the composite rules of this table from ``now`` (µs) on."""
        self._rules = composites(rules)

    def decide(self, board: Board, detection: Detection, now: int, cause: str) -> list[Draft]:
        """The records of one detection; ``cause`` is ``event:<source>#<id>`` or ``timer``. Never empty."""
        source = str(detection.evidence.get("source") or source_of(cause))
        severity, evidence = int(detection.severity), detection.evidence
        ref = DetectionRef(detection.rule, detection.at, detection.subject, severity, evidence, source=source)
        if code := device_code(ref):
            return self._ticket(board, detection, ref, code, cause)
        place = self.place(detection)
        incident = self._target(board, ref, place)
        if incident is not None and ref.rule in MEASURES and any(one.rule == ref.rule for one in incident.detections):
            drafts = [self._noted(detection, ref, "measure", cause)]
        elif incident is not None:
            drafts = self._join(board, incident, ref, place, cause)
        elif ref.severity == Severity.notice:
            drafts = [self._noted(detection, ref, "notice", cause)]
        else:
            drafts = self._open(board, ref, place, now, cause)
        window = held(board, ref, place)
        if window is None:
            return drafts
        if (incident is not None and incident.priority == Priority.P1) or any(map(_urgent, drafts)):
            return [_marked(one, window[0]) for one in drafts]
        return [self._noted(detection, ref, window[0], cause, window[1])]

    def rescore(self, board: Board, event: Event, now: int) -> list[Draft]:
        """The records of the open incidents that a warning, begun or ended by this event, makes more or less grave."""
        return rescored(board, self._city, self._rules, event, now)

    # where -----------------------------------------------------------------------------------------------------

    def place(self, detection: Detection) -> Place | None:
        """Where it happened: the point in its evidence, else its subject's place, else its dong; None: nobody knows."""
        told, subject = detection.evidence, detection.subject
        site = self._city.sites.get(subject)
        if site is not None and _number(told.get("x")) and _number(told.get("y")):
            base, (lon, lat) = self._known(subject), to_lonlat(site, told["x"], told["y"])
            return replace(base, lon=round(lon, 6), lat=round(lat, 6)) if base else None
        if _number(told.get("lon")) and _number(told.get("lat")):
            lon, lat = cell(told["lon"], told["lat"])
            return Place(lon, lat, zone=self._city.zone_at(lon, lat), dong=self._city.dong_at(lon, lat))
        for name in (subject, told.get("household"), told.get("dong")):
            if isinstance(name, str) and (place := self._known(name)):
                return place
        return None

    def _known(self, name: str) -> Place | None:
        if name not in self._places:
            place = self._city.place(name)
            self._places[name] = msgspec.convert(msgspec.to_builtins(place), Place) if place else None
        return self._places[name]

    # what it belongs to ----------------------------------------------------------------------------------------

    def _target(self, board: Board, ref: DetectionRef, place: Place | None) -> Incident | None:
        """The incident it belongs to: an open one, the nearest (its own subject first), the gravest, the oldest."""
        subjects = [ref.subject, *(v for k in ("household", "case") if isinstance(v := ref.evidence.get(k), str))]
        subjects += board.cases.subjects(case_of(ref))
        same = {i.id: i for subject in subjects for i in board.of(subject)}
        near = {i.id: i for i in board.near(place.lon, place.lat)} if place else {}
        group = matter(kind_of(ref)).group
        found = []
        for id in {**near, **same}:
            incident = same.get(id) or near[id]
            if not incident.is_open and (id not in same or not self._still(incident, ref)):
                continue
            apart = joins(incident, id in same, group, place, ref.at)
            if apart is not None:
                found.append((not incident.is_open, apart, -incident.score, incident.opened_at, id))
        return board.incidents[min(found)[-1]] if found else None

    def _still(self, incident: Incident, ref: DetectionRef) -> bool:
        """A resolved one takes it in when it is worse than before and soon after, or no worse and very soon.

        What stands in the way goes on as long as it is told of again and again (``fusing.GOES_ON_S``).
        """
        since = ref.at - incident.resolved_at
        bad = grade(ref)
        worse = bad > grade(leading(incident.detections)) if incident.detections else True
        if worse or bad[0]:
            return since <= RETURN_S * US
        goes_on = GOES_ON_S.get(matter(kind_of(ref)).group)
        return since <= SETTLE_S * US if goes_on is None else ref.at - last_at(incident) <= goes_on * US

    # what becomes of it ----------------------------------------------------------------------------------------

    def _open(self, board: Board, ref: DetectionRef, place: Place | None, now: int, cause: str) -> list[Draft]:
        made = together(self._rules, (ref,), ref, place, board.context, self._city)
        points, priority, factors = self._score(board, (ref, *made), place, ref.at)
        kind, sounds = kind_of(ref), _sounds(board, priority, ref.at)
        body = bodies.Opened(
            kind,
            matter(kind).domain,
            ref.subject,
            priority,
            points,
            factors,
            (replace(ref, last_at=ref.at), *made),
            place,
            sounds,
            board.cases.marks(case_of(ref)) + (("flood",) if priority == Priority.P3 and not sounds else ()),
            stamps={"source": ref.at, "decided": now},
        )
        return [draft("incident.opened", board.next_id(ref.at), ref.at, body, "engine", cause)]

    def _join(
        self, board: Board, incident: Incident, ref: DetectionRef, place: Place | None, cause: str
    ) -> list[Draft]:
        known = next((d for d in incident.detections if identity(d) == identity(ref)), None)
        fresh = known is None or grade(ref) > grade(known)
        at = max(ref.at, incident.updated_at)
        if fresh:
            rest = tuple(d for d in incident.detections if d is not known)
            after = (*rest, replace(ref, last_at=ref.at))
            attached = self._attached(incident, ref, after, place, board.cases.marks(case_of(ref)))
            first, domain = draft("incident.attached", incident.id, at, attached, "engine", cause), attached.domain
        else:
            again = replace(known, n=known.n + 1, last_at=max(known.last_at, ref.at)) if known else ref
            after, domain = tuple(again if d is known else d for d in incident.detections), incident.domain
            body = bodies.Folded(ref.rule, ref.subject, ref.at, ref.severity, what_of(ref), ref.source)
            first = draft("incident.folded", incident.id, at, body, "engine", cause)
        made = together(self._rules, after, ref, incident.place or place, board.context, self._city)
        lead, after = kind_of(leading(after)), (*after, *made)
        drafts = [first]
        drafts += [draft("incident.attached", incident.id, at, bodies.Attached(one, lead, domain), "engine", cause)
                   for one in made]
        lowered = sum(f.points for f in incident.factors if f.name == "operator") < 0 and not another_p1(ref, known)
        points, priority, factors = self._score(board, after, incident.place or place, ref.at, incident)
        if lowered and _bare(factors) <= _bare(incident.factors) + HYSTERESIS:  # it is no worse than the person saw it
            points, priority, factors = incident.score, Priority(incident.priority), incident.factors
        told_better = (fresh or made) and points >= incident.score and factors != incident.factors
        if told_better or points > incident.score + HYSTERESIS or priority < incident.priority:
            scored = bodies.Scored(points, priority, factors, incident.annunciated or _sounds(board, priority, ref.at))
            drafts.append(draft("incident.scored", incident.id, at, scored, "engine", cause))
        if why := comes_back(incident, ref, known, min(priority, Priority(incident.priority))):
            back = bodies.Returned(State.new, why)
            drafts.append(draft("incident.returned", incident.id, at, back, "engine", cause))
        return drafts

    def _attached(
        self, incident: Incident, ref: DetectionRef, after: tuple[DetectionRef, ...], place: Place | None,
        marks: tuple[str, ...] = (),
    ) -> bodies.Attached:
        lead = kind_of(leading(after))
        own = matter(kind_of(ref)).domain
        domain = incident.domain if own == incident.domain else "cross"
        return bodies.Attached(ref, lead, domain, None if incident.place else place, marks)

    def _score(self, board: Board, detections: tuple[DetectionRef, ...], place: Place | None, at: int,
               incident: Incident | None = None) -> Scored:
        """The score of these detections; what a person added to the incident stays."""
        own = tuple(f for f in incident.factors if f.name == "operator" and f.points > 0) if incident else ()
        return score(detections, place, board.context, board.trust, self._city, at, own)

    def _noted(self, detection: Detection, ref: DetectionRef, why: str, cause: str, window: str = "") -> Draft:
        body = bodies.Notice(ref.rule, ref.severity, detection.version, ref.evidence, why, ref.source, window)
        return draft("detection.noted", ref.subject, ref.at, body, "engine", cause)

    def _ticket(self, board: Board, detection: Detection, ref: DetectionRef, code: str, cause: str) -> list[Draft]:
        """A notice, a ticket for the device, and, when it chatters, a mark on the incident it belongs to.

        Several cameras that each tell of one collision once are no fault of any of them: noted, and nothing more.
        """
        rule = str(ref.evidence.get("of", ""))
        source = ref.source or ref.subject
        noted = self._noted(detection, ref, "device", cause)
        told = [i for i in board.of(ref.subject) if any(d.rule == rule for d in i.detections)]
        if code == "chattering" and told and not any(d.n > 1 for i in told for d in i.detections if d.rule == rule):
            return [noted]
        drafts = [noted, draft("device.noted", source, ref.at, bodies.Device(code, rule=rule), "engine", cause)]
        for incident in told if code == "chattering" else ():
            if "chattering" not in incident.marks:
                mark = bodies.Marked(("chattering",))
                drafts.append(draft("incident.marked", incident.id, ref.at, mark, "engine", cause))
        return drafts


def device_code(ref: DetectionRef) -> str | None:
    """The ticket a detection asks for, None when it is about the world and not about a device."""
    if ref.rule == "reported" and ref.evidence.get("what") == "tamper":
        return "tamper"
    return DEVICE_RULES.get(ref.rule)


def case_of(ref: DetectionRef) -> str:
    """The welfare case a detection is of; empty for others."""
    return str(ref.evidence.get("case", ""))


def source_of(cause: str) -> str:
    """The source in ``event:<source>#<id>``; empty for a timer."""
    return cause.removeprefix("event:").partition("#")[0] if cause.startswith("event:") else ""


def _urgent(one: Draft) -> bool:
    """A P1: no window holds it back (SAFETY I6)."""
    return one.body.get("priority") == Priority.P1


def _marked(one: Draft, mark: str) -> Draft:
    """The same with a mark, where the kind has marks."""
    if one.kind not in ("incident.opened", "incident.attached", "incident.folded"):
        return one
    return replace(one, body={**one.body, "marks": [*one.body.get("marks", ()), mark]})


def _sounds(board: Board, priority: Priority, at: int) -> bool:
    """P1 and P2 always; P3 unless the room has heard its share of the last ten minutes: then it is listed silently."""
    return priority <= Priority.P2 or (priority == Priority.P3 and board.loud.count(at) < SHARE)


def _bare(factors: tuple[Factor, ...]) -> int:
    """The sum without a person's word and without the floor: how bad it is by itself."""
    return sum(f.points for f in factors if f.name not in ("operator", "floor"))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
