"""Write the golden journals of a version that is being released: `python -m tests.golden.make`.

Golden files are never made anew for a version that has been released: what people were told then must stay true,
and a difference is a mistake of the program, not of the files. Until the release, run this when the format changes.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scoring.rubric import Rubric
from simulator import chain
from simulator.archive import Archive, Logged, keep
from simulator.calibration import certainties
from simulator.journal import Header, Journal
from simulator.library import find, rubric_at
from simulator.session import Chose, Consulted, Event, Ranked, Read, Selected, Wrote, start
from simulator.settings import Home
from simulator.transcript import moments
from simulator.version import VERSION

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Way:
    """One way through a golden case."""

    seed: int
    events: tuple[Event, ...]
    feedback: str = "end"
    reflection: str = ""
    erased: bool = False
    """Whether what was written is taken away afterwards."""
    confidence: bool = False
    """Whether it was asked how sure the trainee was."""


CASES = {"0.1.0": "case.yaml", "0.2.0": "several.yaml"}
"""The case that each version's journals are of: what the version added to the format."""
FIRST = {
    "golden-well-prepared": Way(
        7,
        (
            Read("desk", "letter"),
            Consulted("desk"),
            Chose("desk", "invite"),
            Consulted("meeting"),
            Chose("meeting", "ask"),
            Chose("meeting", "explain"),
        ),
        reflection="I would ask – and listen – once more.\n“What would help?”",
    ),
    "golden-promised": Way(
        4294967295,
        (
            Chose("desk", "tidy"),
            Chose("desk", "tidy"),
            Chose("desk", "invite"),
            Chose("meeting", "promise"),
            Chose("gus", "send-away"),
            Chose("meeting", "ask"),
            Chose("meeting", "ask"),
            Chose("meeting", "press"),
            Wrote("note", "She asked for help. I promised it.\n\n日本語, Zoë 👩‍👧"),
        ),
        feedback="each",
    ),
    "golden-walked-out": Way(
        0,
        (Read("desk", "guide"), Chose("desk", "invite"), Chose("meeting", "ask"), Chose("meeting", "press")),
    ),
    "golden-erased": Way(
        1,
        (Chose("desk", "invite"), Chose("meeting", "promise"), Chose("gus", "let-in"), Wrote("note", "Erased.")),
        reflection="Erased as well.",
        erased=True,
    ),
    "golden-unfinished": Way(
        12, (Chose("desk", "invite"), Chose("meeting", "promise"), Chose("gus", "send-away"), Chose("meeting", "ask"))
    ),
}
SECOND = {
    "golden-several": Way(
        7,
        (
            Read("desk", "directory"),
            Read("desk", "letter"),
            Consulted("desk"),
            Selected("desk", ("note", "call", "file"), 4),
            Chose("order", "go-on"),
            Ranked("sorting", ("phone", "form", "mail", "tea"), 3),
            Chose("with-ruth.opening", "plainly", 2),
            Selected("with-ruth.answer", ("wait", "nod"), 1),
            Consulted("with-gus.opening"),
            Chose("with-gus.opening", "plainly", 4),
            Chose("last", "go", 3),
            Wrote("note", "She is afraid of the letter – “that one”."),
        ),
        reflection="I would ask earlier.",
        confidence=True,
    ),
    "golden-hurried": Way(
        4294967295,
        (
            Selected("desk", ("tidy",)),
            Chose("order", "go-on"),
            Ranked("sorting", ("tea", "mail", "phone", "form")),
            Consulted("with-ruth.opening"),
            Chose("with-ruth.opening", "around"),
            Chose("with-ruth.opening", "around"),
            Chose("with-ruth.opening", "on"),
            Chose("last", "back"),
            Ranked("sorting", ("phone", "mail", "tea", "form")),
            Chose("with-ruth.opening", "plainly"),
            Selected("with-ruth.answer", ()),
            Chose("with-gus.opening", "on"),
            Chose("last", "stay"),
            Wrote("note", "Erased."),
        ),
        feedback="each",
        erased=True,
    ),
    "golden-unasked": Way(
        20261121,
        (
            Read("desk", "directory"),
            Selected("desk", ("note", "tidy"), 2),
            Chose("order", "go-on"),
            Ranked("sorting", ("mail", "tea", "form", "phone"), 4),
            Chose("with-ruth.opening", "plainly", 4),
            Selected("with-ruth.answer", ("nod",), 1),
            Chose("with-gus.opening", "around", 1),
            Chose("with-gus.opening", "on", 2),
            Chose("last", "stay", 4),
            Wrote("note", ""),
        ),
        confidence=True,
    ),
    "golden-in-a-visit": Way(
        12,
        (
            Selected("desk", ("call", "tidy")),
            Chose("order", "go-on"),
            Ranked("sorting", ("form", "phone", "tea", "mail")),
            Chose("with-ruth.opening", "plainly"),
        ),
    ),
    "golden-in-an-order": Way(0, (Read("desk", "letter"), Selected("desk", ("file",), 1), Chose("order", "go-on"))),
}
WAYS = {"0.1.0": FIRST, "0.2.0": SECOND}


def results(logged: Logged) -> dict[str, object]:
    """Return everything that replaying a journal gives, as JSON keeps it; no wording of the program's own."""
    session, card = logged.session, logged.scorecard
    return {
        "head": logged.recorded.reading.head,
        "events": len(session.events),
        "trouble": logged.trouble,
        "ending": session.ending.id if session.ending else None,
        "minutes": session.minutes,
        "phase": session.phase.value,
        "feelings": dict(session.feelings),
        "facts": list(session.facts),
        "written": [event.text for event in session.events if isinstance(event, Wrote)],
        "reflections": list(logged.recorded.reflections()),
        "shown": [[response.id for response in moment.responses] for moment in session.trail],
        "picks": [[[option.id for option in moment.options], list(moment.limits)] for moment in session.trail],
        "sorts": [list(moment.items) for moment in session.trail],
        "said": [[list(each) for each in moment.speeches] for moment in session.trail],
        "advice": [[moment.can_consult, moment.advice, moment.away] for moment in session.trail],
        "at_hand": [
            [[each.id for each in moment.unread], [each.id for each in moment.documents]] for moment in session.trail
        ],
        "persons": [moment.person for moment in session.trail],
        "confidence": [moment.confidence for moment in session.trail],
        "certainties": [
            [each.confidence, list(each.decisions), list(each.poor), list(each.harmful)]
            for each in certainties(moments(session))
        ],
        "skipped": [[each.id for each in moment.skipped] for moment in moments(session)],
        "told": [[moment.narration, moment.speech, moment.reaction] for moment in session.trail],
        "awards": [
            [[award.where, award.response, award.why, [str(mark) for mark in award.marks]] for award in moment.awards]
            for moment in session.trail
        ],
        "criticals": [[raised.number, raised.critical] for raised in card.criticals],
        "profiles": {
            name: {
                "raw": profile.raw,
                "quality": profile.quality,
                "critical": profile.critical,
                "levels": {level.value: count for level, count in profile.counts().items()},
            }
            for name, profile in card.profiles.items()
        },
    }


def folders() -> Iterator[Path]:
    """Yield the folder of every version that left golden files."""
    return (path for path in sorted(HERE.iterdir()) if (path / "journals").is_dir())


def _write(where: Home, name: str, way: Way, header: Header) -> None:
    own = replace(header, session=name, seed=way.seed, feedback=way.feedback, confidence=way.confidence)
    written = Journal.create(where.journals, own)
    for number, event in enumerate(way.events):
        written.add(event)
        if number == 1:
            written.suspend()
            written.resume(edited=False)
    if way.reflection:
        written.reflect(way.reflection)
    written.close()
    if way.erased:
        chain.erase_text(written.path)


def _rubric(where: Home) -> Rubric:
    loaded = rubric_at()
    assert loaded.value is not None
    assert loaded.source is not None
    keep(where, loaded.source)
    return loaded.value


def main(into: Path) -> None:
    """Write journals, copies and results into a folder that is not there yet."""
    where = Home(into)
    rubric = _rubric(where)
    case = find(str(HERE / CASES[VERSION]), (), rubric)
    keep(where, case.source)
    header = Header(
        session="",
        scenario=case.scenario.id,
        version=case.scenario.version,
        scenario_hash=case.source.hash,
        rubric_hash=rubric.hash,
        seed=0,
        person="p-golden",
        feedback="",
        program=VERSION,
    )
    for name, way in WAYS[VERSION].items():
        session = start(case.scenario, way.seed)
        for event in way.events:
            session = session.act(event)
        _write(where, name, way, header)
    (into / "results").mkdir()
    for logged in Archive(where).sessions():
        assert isinstance(logged, Logged)
        text = json.dumps(results(logged), indent=1, ensure_ascii=False, sort_keys=True)
        (into / "results" / f"{logged.id}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    for path in where.journals.iterdir():
        if path.suffix != ".jsonl":
            path.unlink()


if __name__ == "__main__":
    target = HERE / VERSION
    if target.exists() and sys.argv[1:] != ["--not-released-yet"]:
        raise SystemExit(
            f"{target.name} has golden files. If it is released, they stay as they are, for good. "
            "If it is not, say so: --not-released-yet"
        )
    shutil.rmtree(target, ignore_errors=True)
    main(target)
