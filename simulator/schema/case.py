"""The whole file in an editor: a case, or a file of shared pieces."""

from __future__ import annotations

from scoring.rubric import Rubric
from simulator.builder import (
    ANSWER_KEYS,
    BANDS,
    CRITICAL_KEYS,
    DIRECTORY_KEYS,
    DOCUMENT_KEYS,
    ENDING_KEYS,
    LONGEST_STEP,
    PERSON_KEYS,
    PROCESS,
    REFERRAL_KEYS,
    SCENARIO_KEYS,
    SCENARIO_NEEDS,
    SHARED_DIRECTORY_KEYS,
    SHARED_KEYS,
    SHARED_PIECES,
    STAGES,
)
from simulator.names import LONGEST_DAY
from simulator.scenario import HIGHEST, LOWEST
from simulator.scenes import OFFERS
from simulator.schema import day, marks
from simulator.schema.known import Known
from simulator.schema.parts import (
    EXAMPLE,
    Part,
    about,
    by_id,
    condition,
    keys,
    listed,
    name_of,
    names_of,
    number,
    offered,
    one_of,
    own_id,
    prose,
    ref,
    suggested,
    text,
    those,
    time,
    version,
    without_empty,
    word,
    words,
)
from simulator.schema.scenes import definitions, scene

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The one that editors support best."""
LONGEST_CASE = 600
"""Minutes of real time."""

_OWN = "an-id-of-your-own"
_WORDINGS = "Text, or a list of wordings, each with `if:` and `say:`; a last one without `if:` is for the rest."
_FEELINGS = {
    "trust": "How far they trust the trainee, from 0 to 10.",
    "tension": "How tense they are, from 0 to 10.",
}


def schema(rubric: Rubric, known: Known | None = None) -> Part:
    """Write the format as a JSON Schema, with a rubric's indicators and, if given, the ids of one case."""
    ids = _offered(known or Known())
    whole: Part = {
        "$schema": DIALECT,
        "if": {
            "type": "object",
            "required": ["shared"],
            "not": {"required": ["scenario"]},
            "properties": {"shared": {"type": "string"}},
        },
        "then": {"$ref": "#/definitions/shared-file"},
        "else": {"$ref": "#/definitions/case"},
        "definitions": {
            "case": keys(those(SCENARIO_KEYS, _case()), needs=SCENARIO_NEEDS),
            "shared-file": keys(
                those(SHARED_KEYS, _shared_file()),
                needs=("shared", "version"),
                rules=[one_of(SHARED_PIECES, "This file has nothing in it to use: add scenes, entries or lines.")],
            ),
            "scene": scene(),
            "shared-scene": scene(shared=True),
            **definitions(rubric),
            **{name: part for name, part in ids.items() if part},
        },
    }
    return without_empty(whole, ids)


def _offered(known: Known) -> dict[str, Part]:
    """Define which ids there are to offer."""
    feelings = known.feelings or _FEELINGS
    change = number(-HIGHEST, HIGHEST)
    changes = {
        name: about(what or _FEELINGS.get(name.rpartition(".")[2], ""), change) for name, what in feelings.items()
    }
    return {
        "places": offered({**known.scenes, **known.endings, **known.back}),
        "points": offered(known.points),
        "scenes": offered(known.scenes),
        "moments": offered({**known.scenes, **known.visits}),
        "cues": offered({**known.documents, **known.scenes, **known.visits}),
        "documents": offered(known.documents),
        "files": {},
        "visits": offered(known.visits),
        "entries": offered(known.entries),
        "lines": offered(known.lines),
        "items": {},
        "facts": offered(known.facts),
        "people": offered(known.people),
        "feelings": {"properties": changes},
        "conditions": suggested(known.conditions),
    }


def _case() -> dict[str, Part]:
    return {
        "scenario": about("The id of this case. Sessions name it, so it stays as it is.", own_id()),
        "title": about("What the case is called.", prose()),
        "version": about("Three numbers, such as 1.0.0. Raise it when you change the case.", version()),
        "summary": about("What it is about, in a sentence or two. Shown in the library.", prose()),
        "setting": about("Where it takes place, in a few words.", prose()),
        "process": about("The steps of case management that it practises: one, or several in [ ].", words(PROCESS)),
        "stage": about("For whom: how long somebody has been in the job.", word(STAGES)),
        "duration": about("Minutes that playing it takes, in real time.", number(1, LONGEST_CASE)),
        "author": about("Who wrote it.", prose()),
        "reviewed-by": about("Who has looked it over, or: nobody yet.", prose()),
        "facts-checked": about("When its facts were last checked, such as 2026-11-21.", prose()),
        "content-note": about("What somebody may want to know before playing it, such as: talk of suicide.", prose()),
        "briefing": about("Who you are and what you know. Shown before the clock starts.", prose()),
        "reflect": about("The question that the debrief asks the trainee.", prose()),
        "debrief": about(
            f"The closing words of the debrief: what the case is about, what it rests on. {_WORDINGS}", text()
        ),
        "people": about("Everybody in the case, each under an id of their own.", by_id(_person(), _OWN)),
        "client": about("The id of the person whom it is about.", name_of("people")),
        "clock": about("The time of day in the case. Without it there is none.", _clock()),
        "facts": about(
            "What the case can remember: under each id, a sentence on what became true.", by_id(prose(), _OWN)
        ),
        "shared": about(
            "Files of shared pieces that this case uses, by their ids: one, or several in [ ].", names_of("files")
        ),
        "documents": about(
            "What there is to read, each under an id of its own.", by_id(_document(), _OWN, never="|".join(OFFERS))
        ),
        "directory": about("The agency's referral directory. Scenes offer it by `offers: [directory]`.", _directory()),
        "criticals": about(
            "What a person must look at afterwards if it happened, each under an id of its own.",
            by_id(_critical(), _OWN),
        ),
        "tasks": about("Open work that falls due, each under an id of its own.", by_id(day.task(), _OWN)),
        "interrupts": about(
            "What breaks in between two decisions and leads back, each under an id of its own.",
            by_id(day.interrupt(), _OWN),
        ),
        "aftermath": about(
            f"What becomes of whom, told at every ending: under a person's id. {_WORDINGS}", by_id(text(), "person")
        ),
        "start": about("The id of the first scene.", name_of("scenes")),
        "scenes": about("What happens, scene by scene, each under an id of its own.", by_id(ref("scene"), _OWN)),
        "endings": about("How it can end, each under an id of its own.", by_id(_ending(), _OWN)),
        "answers": about(
            "Advice of `caseload check` about which you have decided otherwise: a list, each with a reason.",
            listed(_answer()),
        ),
    }


def _shared_file() -> dict[str, Part]:
    return {
        "shared": about("The id of this file: its name without `.yaml`.", own_id()),
        "version": about("Three numbers, such as 1.0.0. Raise it when you change the file.", version()),
        "summary": about("What its pieces are for, in a sentence or two.", prose()),
        "facts": about(
            "What its scenes can remember. These become facts of every case that visits.", by_id(prose(), _OWN)
        ),
        "scenes": about("Scenes that cases visit. They end with `next: return`.", by_id(ref("shared-scene"), _OWN)),
        "directory": about("Entries that cases take into their referral directory.", _shared_directory()),
        "lines": about(
            "What a supervisor says, each under an id. Cases take one by `consult: {line: its-id}`.",
            by_id(prose(), _OWN),
        ),
    }


def _person() -> Part:
    described = {
        "name": about("Their whole name.", prose()),
        "called": about("How the case speaks of them, such as: Ms. Adeyemi.", prose()),
        "pronouns": about("Such as she/her.", prose()),
        "role": about("Who they are, in a few words.", prose()),
        "feelings": about(
            "Feelings that the case follows, and where they begin, such as: {trust: 4, tension: 7}.", _feelings()
        ),
        "words": about(
            f"For a feeling, {BANDS} words from lowest to highest. There are words for trust and tension already.",
            by_id(_bands(), "feeling"),
        ),
        "shows": about(
            "What one would see of them: posture, eyes, voice, in a short phrase. Mostly a list of wordings over their "
            "feelings, such as `if: tension >= 7`.",
            text(),
        ),
    }
    return keys(those(PERSON_KEYS, described), needs=("name",))


def _feelings() -> Part:
    level = number(LOWEST, HIGHEST)
    named = {name: about(what, level) for name, what in _FEELINGS.items()}
    return {**by_id(level, "feeling"), "properties": named}


def _bands() -> Part:
    return {
        "type": "array",
        "minItems": BANDS,
        "maxItems": BANDS,
        "items": prose(),
        "errorMessage": f"A feeling has {BANDS} words in [ ], from lowest to highest.",
    }


def _clock() -> Part:
    described = {
        "start": about('When the case starts, such as "10:00".', time()),
        "step": about("Minutes that the clock moves at a time; 1 unless said.", number(1, LONGEST_STEP, 1)),
        "points": about('Times that matter, each under an id, such as: {appointment: "10:20"}.', by_id(time(), _OWN)),
    }
    return keys(described, needs=("start",))


def _document() -> Part:
    described = {
        "title": about("What it is called.", prose()),
        "minutes": about(
            "Minutes that the first reading takes; 2 unless said. Looking again is free.", number(0, LONGEST_DAY, 2)
        ),
        "text": about(f"What it says. {_WORDINGS}", text()),
    }
    return keys(those(DOCUMENT_KEYS, described), needs=("title", "text"))


def _directory() -> Part:
    described = {
        "minutes": about("Minutes that the first look takes; 2 unless said.", number(0, LONGEST_DAY, 2)),
        "use": about(
            "Entries of shared files that the case names under `shared:`, by their ids and in this order.",
            names_of("entries"),
        ),
        "entries": about("Who can help, each under an id; they stand below those of `use:`.", _entries()),
    }
    needed = one_of(("use", "entries"), "The directory needs `entries:`, or `use:` with the ids of shared ones.")
    return keys(those(DIRECTORY_KEYS, described), rules=[needed])


def _shared_directory() -> Part:
    described = {"entries": about("Who can help, each under an id.", _entries())}
    return keys(those(SHARED_DIRECTORY_KEYS, described), needs=SHARED_DIRECTORY_KEYS)


def _entries() -> Part:
    return by_id(_referral(), _OWN)


def _referral() -> Part:
    described = {
        "service": about("What they do.", prose()),
        "eligibility": about("Who can get it.", prose()),
        "contact": about("How to reach them. Made-up phone numbers are 555-01xx.", prose()),
        "last-verified": about(
            "When somebody last made sure of it, such as 2025-02-10. What is old may be wrong.", prose()
        ),
        "note": about("Anything else that the directory says.", prose()),
    }
    return keys(those(REFERRAL_KEYS, described), needs=("service", "contact", "last-verified"))


def _critical() -> Part:
    described = {
        "title": about("What happened, in a few words.", prose()),
        "standard": about("The published standard that it goes against.", prose()),
        "cue": about(
            "Where it was there to be seen: scenes or documents, by their ids. It counts only after one of them.",
            names_of("cues"),
        ),
        "when": about(f"When it has happened. {EXAMPLE}", condition()),
        "at": about(
            "Scenes on leaving which it is looked at; without them, when the session ends.", names_of("moments")
        ),
        "why": about("Why a person must look at it.", prose()),
    }
    return keys(those(CRITICAL_KEYS, described), needs=("cue", "when", "why"))


def _answer() -> Part:
    described = {
        "to": about("The code of the advice, as it stands in the brackets of its message.", prose()),
        "at": about(
            "What it is about: an id, or scene/response. Left out: all advice of that code in this case.", prose()
        ),
        "because": about("Why you decided otherwise, in a sentence or two.", prose()),
    }
    return keys(those(ANSWER_KEYS, described), needs=("to", "because"))


def _ending() -> Part:
    described = {
        "title": about("What this ending is called.", prose()),
        "text": about(f"How it ends. {_WORDINGS}", text()),
        "outcomes": about(
            "Marks that are given on coming here, for what was not done or done in time.", marks.outcomes()
        ),
    }
    return keys(those(ENDING_KEYS, described), needs=("title", "text"))
