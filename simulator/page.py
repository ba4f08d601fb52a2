"""A session as one HTML page, to be mailed, printed and kept: it needs nothing but itself.

Nothing in it runs and nothing in it is fetched. A policy in its head says so to the browser as well, so that
what somebody typed could do no harm even if it were ever taken for more than text. The page is
`page.html` with what pages share, `parts.html`, and the styles of `page.css`, all beside this module.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from scoring.rubric import Level, Rubric
from scoring.scorecard import Profile, Scorecard
from simulator.archive import Logged
from simulator.hindsight import Course, Foreseen, Hindsight, NotProven, Solved
from simulator.hindsight_telling import (
    WHAT_PERCENT_MEANS,
    kept_by_line,
    label_line,
    looked_back,
    not_proven_line,
    result,
    way_words,
)
from simulator.model_telling import EXAMPLE, MODEL, asked, decided, example, model_path, when_line
from simulator.people import People
from simulator.range_graph import RangeGraph, range_graph
from simulator.report import facts
from simulator.review.events import Sayings, judgement_from
from simulator.review.judged import fitting
from simulator.review.reviewed import Spans, not_looked, results
from simulator.review.telling import (
    WHAT_REVIEWED_MEANS,
    gone,
    indicator_words,
    redacted_decisions,
    reviewed_heading,
    reviewed_rows,
)
from simulator.scenario import Option, Writing
from simulator.session import Ranked, Selected, Session, Wrote
from simulator.text import clean
from simulator.transcript import Moment, moments, unread
from simulator.wording import ASSERTED, LEVEL_SIGNS, document_text, judged_by, profile_line, spoken, sureness

if TYPE_CHECKING:
    from jinja2 import Environment

LEVELS = tuple(reversed(Level))
"""Best first, as profiles are worded."""


def page(
    logged: Logged,
    people: People,
    said: Sayings = (),
    outlooks: Solved | None = None,
    model: Session | None = None,
    spans: Spans = not_looked,
) -> str:
    """Write a whole session as a page for whoever reviews it: what `report` tells, and links between it.

    With `outlooks`, it also says what the session was worth against what the case made possible, draws how that came
    about, and says what each decision cost; with `model` as well, one balanced way through stands below what
    was decided, closed, once the session is over. Reviewed results stand below the original ones: in percent where
    `spans` finds what a case with other marks makes possible.
    """
    session = logged.session
    told = moments(session)
    judgement = fitting(session, judgement_from(said))
    numbers = frozenset(moment.number for moment in told)
    back = looked_back(session, logged.rubric, outlooks)
    courses = back.courses if isinstance(back, Hindsight) else {}
    # Nobody is shown the way before they have found one of their own.
    over = session.ending is not None
    balanced = model_path(Foreseen(outlooks, model), logged.rubric) if over and outlooks is not None else None
    return rendered(
        "page.html",
        scenario=session.scenario,
        session=session,
        rubric=logged.rubric,
        people=people,
        facts=_facts(logged, people),
        card=logged.scorecard,
        courses=courses,
        graphs=graphs(courses),
        reachable=in_percent(courses),
        regrets={each.number: each for each in back.regrets} if isinstance(back, Hindsight) else {},
        not_proven=not_proven_line(back) if isinstance(back, NotProven) else "",
        what_percent_means=WHAT_PERCENT_MEANS,
        evidence=_evidence(logged.scorecard, logged.rubric),
        start_awards=session.trail[0].awards,
        moments=told,
        numbers=numbers,
        taken_over=logged.recorded.header.taken_over,
        asked=_asked(told),
        options=_options(told),
        writings=_writings(told),
        comments=judgement.comments,
        # What is said about a decision that can no longer be replayed is not lost.
        on_the_whole=[each for each in judgement.comments if each.number not in numbers],
        overrides=judgement.overrides,
        ratings=judgement.ratings,
        overall=judgement.overall,
        sent_back=judgement.sent_back,
        redacted=redacted_decisions(logged.recorded, judgement),
        gone=gone,
        reviewed=results(session, logged.rubric, judgement, spans),
        reviewed_heading=reviewed_heading,
        reviewed_rows=reviewed_rows,
        what_reviewed_means=WHAT_REVIEWED_MEANS,
        indicator_words=indicator_words,
        balanced=balanced,
        model_heading=MODEL,
        example_heading=EXAMPLE,
        balanced_options=_options(balanced.steps) if balanced else {},
        when_line=when_line,
        to_do=asked,
        decided=decided,
        example=example,
        unread=unread(session),
        reflections=logged.recorded.reflections(),
        judged_by=judged_by(session.scenario),
        asserted=ASSERTED,
        profile_line=profile_line,
        label_line=label_line,
        kept_by_line=kept_by_line,
        way_words=way_words,
        quoted=spoken,
        sure=sureness,
        document_text=document_text,
    )


def rendered(template: str, **values: object) -> str:
    """Write a page from a template beside this module; it has its style in it."""
    return _templates().get_template(template).render(style=_style(), style_hash=_hash(_style()), **values)


@cache
def _templates() -> Environment:
    # Late: nothing but a page needs it.
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_beside),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_text,
    )
    environment.filters["paragraphs"] = _paragraphs
    environment.globals.update(signs=LEVEL_SIGNS, result=result)
    return environment


@cache
def _style() -> str:
    return _beside("page.css")


def _beside(name: str) -> str:
    # However it lies on the disk: a browser reads every line end as a newline, and hashes that.
    return resources.files("simulator").joinpath(name).read_text("utf-8").replace("\r\n", "\n")


def _hash(style: str) -> str:
    """Return the name by which a policy allows this one style element."""
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"


def _text(value: object) -> object:
    """Take out what no page may hold; what is marked as markup is our own and stays that."""
    return clean(value) if type(value) is str else value


def _paragraphs(text: str) -> list[str]:
    return [each.strip("\n") for each in text.split("\n\n") if each.strip()]


def _facts(logged: Logged, people: People) -> list[tuple[str, str]]:
    scenario = logged.scenario
    return [
        *facts(logged, people),
        ("Version", scenario.version),
        ("Case by", scenario.author or "an unnamed author"),
        ("Reviewed by", scenario.reviewed_by or "nobody"),
    ]


def _writings(told: tuple[Moment, ...]) -> dict[int, Writing]:
    """Return what was to be written, at each decision that wrote it."""
    found = {}
    for moment in told:
        scene = moment.session.scene
        if isinstance(moment.event, Wrote) and scene is not None and scene.write is not None:
            found[moment.number] = scene.write
    return found


def _asked(told: tuple[Moment, ...]) -> dict[int, str]:
    """Return what the trainee was asked to do, at each decision that was more than one of several responses."""
    found = {}
    for moment in told:
        scene = moment.session.scene
        if isinstance(moment.event, Selected | Ranked | Wrote) and scene is not None:
            task = scene.select or scene.rank or scene.write
            if task is not None and task.prompt:
                found[moment.number] = task.prompt
    return found


def _options(told: tuple[Moment, ...]) -> dict[int, dict[str, Option]]:
    """Return, by id, what could be picked at each decision."""
    return {moment.number: {each.id: each for each in (*moment.picked, *moment.left)} for moment in told}


def graphs(courses: Mapping[str, Course]) -> list[RangeGraph]:
    """Return the graph of each dimension that has one."""
    return [graph for course in courses.values() if (graph := range_graph(course)) is not None]


def in_percent(courses: Mapping[str, Course]) -> list[list[str]]:
    """Return, for the start and each decision, what was still reachable on each dimension, in words."""
    length = max((len(course.ranges) for course in courses.values()), default=0)
    return [[_reach(course, number) for course in courses.values()] for number in range(length)]


def _reach(course: Course, number: int) -> str:
    if not course.assessed or (course.critical is not None and number >= course.critical):
        return result(course)
    found = course.percents()[number]
    if found is None:
        return "no ending"
    return f"{found.worst} to {found.best}" if found.worst != found.best else f"{found.best}"


_Row = tuple[str, list[tuple[Level, list[int]]]]


def _evidence(card: Scorecard, rubric: Rubric) -> list[tuple[str, list[_Row]]]:
    """Return, for each dimension, its indicators with the decisions at which each level was given."""
    return [(name, _rows(profile, rubric)) for name, profile in card.profiles.items() if profile.evidence]


def _rows(profile: Profile, rubric: Rubric) -> list[_Row]:
    return [
        (
            rubric.indicators[indicator].title,
            [
                (level, found)
                for level in LEVELS
                if (found := [each.number for each in evidence if each.mark.level is level])
            ],
        )
        for indicator, evidence in profile.by_indicator().items()
    ]
