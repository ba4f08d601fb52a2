"""A session as xAPI 1.0.3 statements, for a learning record store that an agency may have.

What is stated is what the journal holds and what the rubric made of it, and no more than that:

    initialized   the session was begun
    experienced   a document was opened, or the supervisor was asked, for the first time. That somebody read a scene
                  is not stated: nobody saw it, and what was decided there says where they were
    responded     something was decided in a scene, was written there, or was reflected on afterwards
    suspended, resumed   the trainee left, and came back. Who closed the window, or lost power, has no `suspended`
    scored        at the ending, one for each dimension; never one for all of them. It has a score only where the case
                  was explored to its last state, something could be lost or won, and no critical stands in its place
    completed     an ending was reached; there is no `passed` and no `success`
    terminated    what was initialized is over: once, at the ending. A session without an ending can be gone on with,
                  so it is not terminated
    commented     a supervisor said something that was signed off. Other judgements are not stated

What a session that was begun again took over was stated by the session that it comes from, and is not stated twice.

Actors are accounts with the id of a person and never a name or a mailbox. Whoever said no name is somebody else in
each session. Texts that people wrote stay here unless they are asked for.

Ids are derived from the session and the entry, so that a session exported twice gives the same ids. They are other
ones where something else is stated: for another home page, with texts, or where the case was not explored; for a
store refuses two statements with one id. There is no `version`, because the specification asks providers to leave it
out (Part Two, 2.4.10), and neither `stored` nor `authority`, which are the store's to set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from scoring.rubric import DIMENSIONS
from scoring.scorecard import Profile, percent
from simulator.archive import Logged
from simulator.hindsight import NotProven, Range, Solved
from simulator.journal import Record
from simulator.people import NOBODY
from simulator.session import Chose, Consulted, Ranked, Read, Selected, Wrote
from simulator.text import clean, one_line
from simulator.transcript import Moment, moments
from simulator.wording import DISCLAIMER

if TYPE_CHECKING:
    from simulator.review.events import Comment

Statement = dict[str, Any]

VOCABULARY = "https://caseload.invalid/xapi/"
"""What Caseload's own IRIs begin with, the same in every agency. Nobody can own that domain, and nobody needs to: they
are names, not addresses."""
HOME_PAGE = "https://caseload.invalid/"
"""The home page of accounts, and what the ids of activities begin with, unless an agency names its own."""
ADL = "http://adlnet.gov/expapi/"

VERBS: Mapping[str, str] = {
    verb: f"{ADL}verbs/{verb}"
    for verb in (
        *("initialized", "experienced", "responded", "suspended", "resumed"),
        *("scored", "completed", "terminated", "commented"),
    )
}
"""The verbs that are used, and their IRIs."""

CASE, INTERACTION = f"{ADL}activities/simulation", f"{ADL}activities/cmi.interaction"
DOCUMENT = "http://id.tincanapi.com/activitytype/document"
CONSULTATION, DIMENSION = f"{VOCABULARY}types/consultation", f"{VOCABULARY}types/dimension"
TYPES: Mapping[str, str] = {
    CASE: "a case, in one version",
    INTERACTION: "a scene in which something is decided or written, or the reflection after the ending",
    DOCUMENT: "a document of a case",
    CONSULTATION: "asking the supervisor in a scene",
    DIMENSION: "what is marked on one dimension of a case",
}
"""The types of activities, and what each is."""

_KINDS = f"{VOCABULARY}kinds/"
PROFILE, ATTEMPT, AGAIN = VOCABULARY, f"{_KINDS}attempt", f"{_KINDS}again"
CATEGORIES: Mapping[str, str] = {
    PROFILE: "every statement of Caseload",
    ATTEMPT: "of an attempt at a whole case",
    AGAIN: "of a session that was begun again from a decision of another; it is no attempt",
    f"{_KINDS}assigned": "of an assigned attempt",
    f"{_KINDS}practice": "of a practice attempt",
}
"""The categories that tell statements apart, and what each is for."""

_EXTENSIONS = f"{VOCABULARY}extensions/"
EXTENSIONS: Mapping[str, str] = {
    f"{_EXTENSIONS}{name}": meaning
    for name, meaning in {
        "session": "context: the session's id",
        "scenario-hash": "context: SHA-256 of the case as it was played",
        "rubric-hash": "context: SHA-256 of the rubric it was played with",
        "again": "context: the `session` that this one comes from, and the `decision` that was tried again, from 1",
        "decision": "context: the number of the decision that the statement is about, from 1",
        "scene": "context: the id of the scene in which a document was opened",
        "offered": "result: the ids of what could be taken, in the order in which it was shown",
        "confidence": "result: how sure the trainee was before seeing what came of it, from 1 (a guess) to 4 (quite)",
        "marks": "result: the marks that it brought, each an object of `indicator` and `level`",
        "criticals": "result: the ids of the criticals that it raised",
        "ending": "result: the id of the ending",
        "decisions": "result: how many decisions the session has",
        "criticals-raised": "result: how many criticals the session raised",
        "critical": "result: whether a critical stands in the place of the score",
        "proven": "result: whether the case was explored to its last state; where it was not, there is no score",
        "assessed": "result: whether the case lets anything be lost or won on this dimension",
        "quality": "result: percent of what was on offer at the decisions that were met",
        "levels": "result: how often each level was seen",
    }.items()
}
"""The keys of extensions, where each stands, and what it means."""

ENGLISH, ANY_LANGUAGE = "en", "und"
"""The language of Caseload's own words; and of an author's, which no case names ("undetermined", RFC 5646)."""

Reach = Mapping[str, Range]
"""By dimension, the raw points with which a case can end."""

_NAMESPACE = uuid5(NAMESPACE_URL, VOCABULARY)
_HOST = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\[\]<>\"{}|\\^`%:]+)(:[0-9]{1,5})?", re.IGNORECASE)
_PATH = re.compile(r"(/([^\s?#\[\]<>\"{}|\\^`%]|%[0-9A-Fa-f]{2})*)?")
_LONGEST_PAGE = 500


def home_page(text: str) -> str:
    """Return the home page that somebody named, as ids can begin with it; raises ValueError where it is no IRL."""
    host = _HOST.match(text)
    good = host is not None and _PATH.fullmatch(text, host.end()) is not None
    if not good or clean(text) != text or len(text) > _LONGEST_PAGE:
        raise ValueError("no address of a web page without `?`, `#` and blanks")
    # Raises for a port that is none.
    _ = urlsplit(text).port
    return text if text.endswith("/") else f"{text}/"


def left_out(logged: Logged, now: datetime) -> str:
    """Say why nothing can be stated of a session; empty if it can.

    A store never forgets a statement. What does not replay to its end, or was written by a clock that is ahead of
    ours, is better stated later.
    """
    if logged.trouble:
        return "damaged"
    if any(_moment_of(entry.time) > now for entry in logged.recorded.reading.entries):
        return "written at a time that is still to come"
    return ""


def reach(logged: Logged, solved: Solved | None) -> Reach | None:
    """Return what a case makes possible from its start; None where nobody knows."""
    if solved is None or isinstance(solved, NotProven):
        return None
    start = logged.session.trail[0]
    outlook = solved.ahead(start)
    if outlook is None:
        return None
    gained = logged.rubric.points_of(tuple(mark for award in start.awards for mark in award.marks))
    return {
        dimension: Range(gain + low, gain + high)
        for dimension, gain, low, high in zip(DIMENSIONS, gained, outlook.low, outlook.high, strict=True)
    }


def statements(
    logged: Logged,
    said: Iterable[Comment] = (),
    reachable: Reach | None = None,
    *,
    page: str = HOME_PAGE,
    texts: bool = False,
    summary: bool = False,
) -> Iterator[Statement]:
    """Yield what can be stated of a session that replays to its end, oldest first; comments come last.

    Args:
        said: what supervisors said; only what was signed off is stated.
        reachable: what the case makes possible; without it nothing has a score.
        page: the home page of accounts, which `home_page` found to be one.
        texts: whether what people wrote is in it.
        summary: whether nothing but the beginning and the result is stated.
    """
    return _Stated(logged, reachable, page, texts).all(said, summary=summary)


def as_json_lines(stated: Iterable[Statement]) -> Iterator[str]:
    """Yield statements as JSON, one a line, in ASCII throughout."""
    for each in stated:
        yield json.dumps(each, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


class _Stated:
    """States one session."""

    def __init__(self, logged: Logged, reachable: Reach | None, page: str, texts: bool) -> None:
        self._logged, self._reachable, self._page, self._texts = logged, reachable, page, texts
        header = logged.recorded.header
        self._registration = uuid5(_NAMESPACE, logged.id)
        self._every_version = f"{page}cases/{quote(header.scenario, safe='')}"
        self._case = f"{self._every_version}/{quote(clean(header.version), safe='')}"
        self._stated: dict[int, str] = {}
        """The ids of the statements about decisions, by their numbers."""

    def all(self, said: Iterable[Comment], *, summary: bool) -> Iterator[Statement]:
        logged = self._logged
        recorded = logged.recorded
        begun = Record(0, recorded.started)
        told = () if summary else moments(logged.session)
        raised = list(logged.session.trail[0].criticals)
        yield self._statement("initialized", begun, self._the_case(), extensions={"criticals": raised})
        if logged.over and not logged.session.events:
            yield from self._ended(begun, timedelta())
        number, before, taken = 0, begun, timedelta()
        for record in recorded.records:
            spent = _between(before, record)
            before = record
            # Between leaving and coming back nobody is there.
            taken += timedelta() if record.mark == "resumed" else spent
            if record.event is not None:
                number += 1
                if not summary and number > recorded.header.taken_over:
                    yield self._decided(record, told[number - 1], spent)
                if logged.over and number == len(logged.session.events):
                    yield from self._ended(record, taken)
            elif not summary:
                yield self._marked(record)
        if not summary:
            yield from (self._commented(comment) for comment in said if comment.signed)

    # -- each kind of statement -------------------------------------------------------------------

    def _decided(self, record: Record, moment: Moment, spent: timedelta) -> Statement:
        criticals = [each.id for each in moment.criticals]
        marks = [
            {"indicator": mark.indicator, "level": mark.level.value} for each in moment.awards for mark in each.marks
        ]
        result: dict[str, Any] = {}
        extensions: dict[str, Any] = {"marks": marks, "criticals": criticals}
        context: dict[str, Any] = {"decision": moment.number}
        match moment.event:
            case Read(scene, document):
                verb, thing = "experienced", self._document(document)
                context["scene"] = scene
            case Consulted(scene):
                verb, thing = "experienced", self._consultation(scene)
            case Chose(scene, response, confidence):
                verb, thing = "responded", self._scene(scene)
                result["response"] = response
                extensions |= {"offered": [each.id for each in moment.offered], **_sure(confidence)}
            case Selected(scene, options, confidence):
                verb, thing = "responded", self._scene(scene)
                result["response"] = "[,]".join(options)
                extensions |= {"offered": [each.id for each in moment.session.options], **_sure(confidence)}
            case Ranked(scene, order, confidence):
                verb, thing = "responded", self._scene(scene)
                result["response"] = "[,]".join(order)
                extensions |= {"offered": list(moment.session.items), **_sure(confidence)}
            case Wrote(scene, _):
                verb, thing = "responded", self._scene(scene)
        if verb == "responded":
            result["duration"] = _duration(spent)
        stated = self._statement(
            verb, record, thing, result=result, extensions=extensions, context=context, written=moment.written
        )
        self._stated[moment.number] = stated["id"]
        return stated

    def _marked(self, record: Record) -> Statement:
        """State an entry that is no decision."""
        if record.mark != "reflected":
            return self._statement(record.mark, record, self._the_case())
        prompt = self._logged.scenario.reflect
        thing = self._activity(
            f"{self._case}/reflection", INTERACTION, {ENGLISH: "Reflection"}, prompt, interactionType="long-fill-in"
        )
        return self._statement("responded", record, thing, written=record.text)

    def _ended(self, record: Record, taken: timedelta) -> Iterator[Statement]:
        session, card = self._logged.session, self._logged.scorecard
        assert session.ending is not None  # noqa: S101 - whoever calls this has looked
        for dimension, profile in card.profiles.items():
            yield self._scored(record, dimension, profile)
        told = {
            "ending": session.ending.id,
            "decisions": len(session.events),
            "criticals-raised": len(card.criticals),
        }
        result = {"completion": True, "duration": _duration(taken)}
        yield self._statement("completed", record, self._the_case(), result=result, extensions=told)
        yield self._statement("terminated", record, self._the_case())

    def _scored(self, record: Record, dimension: str, profile: Profile) -> Statement:
        whole = (self._reachable or {}).get(dimension)
        levels = {level.value: count for level, count in profile.counts().items()}
        extensions: dict[str, Any] = {
            "critical": profile.critical,
            "proven": whole is not None,
            "levels": levels,
        }
        result: dict[str, Any] = {}
        if not profile.critical:
            extensions["quality"] = profile.quality
        if whole is not None:
            scaled = percent(profile.raw, whole.worst, whole.best)
            extensions["assessed"] = scaled is not None
            if scaled is not None and not profile.critical:
                result["score"] = {
                    "scaled": scaled / 100,
                    "raw": profile.raw,
                    "min": whole.worst,
                    "max": whole.best,
                }
        thing = self._activity(
            f"{self._case}/dimensions/{dimension}",
            DIMENSION,
            {ENGLISH: dimension},
            DISCLAIMER,
            language=ENGLISH,
        )
        about = dimension if whole is not None else f"{dimension}, not proven"
        return self._statement("scored", record, thing, about, result=result, extensions=extensions)

    def _commented(self, comment: Comment) -> Statement:
        """State what a supervisor said: about the statement of a decision, or else about the case in this session."""
        stated = self._stated.get(comment.number)
        thing = {"objectType": "StatementRef", "id": stated} if stated else self._the_case()
        context = {"decision": comment.number} if comment.number else {}
        about = f"{comment.reviewer} {comment.entry} {comment.number} {comment.time} {stated}"
        return self._statement(
            "commented",
            Record(0, comment.time),
            thing,
            about,
            context=context,
            written=comment.text,
            who=comment.reviewer,
        )

    # -- what statements are made of --------------------------------------------------------------

    def _statement(
        self,
        verb: str,
        record: Record,
        thing: Mapping[str, Any],
        about: str = "",
        *,
        result: Mapping[str, Any] | None = None,
        extensions: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        written: str | None = None,
        who: str = "",
    ) -> Statement:
        """Make a statement; of several about one entry with one verb, each needs another `about`.

        What was `written` stands in it only where texts are asked for; None: nothing, or it is erased.
        """
        told = dict(result or {})
        if found := _extensions(extensions or {}):
            told["extensions"] = found
        if written is not None and self._texts:
            told["response"] = clean(written)
            about = f"{about}, with its text"
        name = (self._page, record.seq, verb, about)
        return {
            "id": str(uuid5(self._registration, json.dumps(name))),
            "actor": self._account(who or self._logged.person),
            "verb": {"id": VERBS[verb], "display": {ENGLISH: verb}},
            "object": thing,
            **({"result": told} if told else {}),
            "context": self._context(thing, context or {}),
            "timestamp": record.time,
        }

    def _account(self, person: str) -> dict[str, Any]:
        # Nobody in particular is not one person.
        name = f"{person}/{self._logged.id}" if person == NOBODY.id else person
        return {"objectType": "Agent", "account": {"homePage": self._page, "name": name}}

    def _context(self, thing: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
        header = self._logged.recorded.header
        kinds = [PROFILE, ATTEMPT if header.again is None else AGAIN]
        if header.purpose:
            kinds.append(f"{_KINDS}{header.purpose}")
        around = {} if thing.get("id") == self._case else {"parent": [_named(self._case)]}
        extensions = {
            "session": self._logged.id,
            "scenario-hash": header.scenario_hash,
            "rubric-hash": header.rubric_hash,
            "again": header.again and {"session": header.again.session, "decision": header.again.decision},
            **more,
        }
        about_activity = {"revision": one_line(header.version), "platform": one_line(f"Caseload {header.program}")}
        return {
            "registration": str(self._registration),
            **(about_activity if thing["objectType"] == "Activity" else {}),
            "contextActivities": {
                **around,
                "grouping": [_named(self._every_version)],
                "category": [_named(each) for each in kinds],
            },
            "extensions": _extensions(extensions),
        }

    # -- what they are about ----------------------------------------------------------------------

    def _the_case(self) -> dict[str, Any]:
        scenario = self._logged.scenario
        return self._activity(self._case, CASE, {ANY_LANGUAGE: scenario.title}, scenario.summary)

    def _document(self, name: str) -> dict[str, Any]:
        title = self._logged.scenario.documents[name].title
        return self._activity(f"{self._case}/documents/{name}", DOCUMENT, {ANY_LANGUAGE: title})

    def _consultation(self, scene: str) -> dict[str, Any]:
        return self._activity(
            f"{self._case}/scenes/{scene}/supervisor", CONSULTATION, {ENGLISH: "Asking the supervisor"}
        )

    def _scene(self, name: str) -> dict[str, Any]:
        scene = self._logged.scenario.scenes[name]
        choices: dict[str, str] = {}
        if scene.select is not None:
            kind, prompt = "choice", scene.select.prompt
            choices = {each.id: each.text for each in scene.select.options.values()}
        elif scene.rank is not None:
            kind, prompt = "sequencing", scene.rank.prompt
            choices = dict(scene.rank.items)
        elif scene.write is not None:
            kind, prompt = "long-fill-in", scene.write.prompt
        else:
            kind, prompt = "choice", ""
            choices = {each.id: each.text for each in scene.responses.values()}
        more: dict[str, Any] = {"interactionType": kind}
        if choices:
            more["choices"] = [
                {"id": each, "description": {ANY_LANGUAGE: clean(text)}} for each, text in choices.items()
            ]
        return self._activity(f"{self._case}/scenes/{name}", INTERACTION, {ENGLISH: f"Scene {name}"}, prompt, **more)

    @staticmethod
    def _activity(
        name: str,
        kind: str,
        title: Mapping[str, str],
        description: str = "",
        *,
        language: str = ANY_LANGUAGE,
        **more: Any,
    ) -> dict[str, Any]:
        definition: dict[str, Any] = {
            "type": kind,
            "name": {tag: one_line(text) for tag, text in title.items()},
            **more,
        }
        if described := clean(description).strip():
            definition["description"] = {language: described}
        return {"objectType": "Activity", "id": name, "definition": definition}


def _named(activity: str) -> dict[str, str]:
    return {"objectType": "Activity", "id": activity}


def _sure(confidence: int) -> dict[str, int]:
    return {"confidence": confidence} if confidence else {}


def _extensions(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return extensions under their keys, without those that hold nothing; false and 0 say something."""
    return {f"{_EXTENSIONS}{name}": value for name, value in found.items() if value is not None and value != []}


def _moment_of(time: str) -> datetime:
    return datetime.fromisoformat(time)


def _between(before: Record, after: Record) -> timedelta:
    """Return the time between two entries; none where the clock was set back."""
    return max(timedelta(), _moment_of(after.time) - _moment_of(before.time))


def _duration(time: timedelta) -> str:
    """Write a duration as ISO 8601 has it, in seconds to two places."""
    seconds = f"{time.total_seconds():.2f}".rstrip("0").rstrip(".")
    return f"PT{seconds}S"
