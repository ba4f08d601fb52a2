"""Scenes of every kind in an editor, and what is decided in them."""

from __future__ import annotations

from scoring.rubric import Rubric
from simulator.names import LONGEST_DAY
from simulator.scenario import HIGHEST, Phase
from simulator.scenes import (
    KINDS,
    LEFT_OUT_KEYS,
    MOST_ITEMS,
    MOST_OPTIONS,
    MOST_TIMES,
    OFFERS,
    OPTION_KEYS,
    PAIR_KEYS,
    PHASES,
    RANK_KEYS,
    RESPONSE_KEYS,
    REVERSE_KEYS,
    SCENE_KEYS,
    SELECT_KEYS,
    SHARED_SCENE_KEYS,
    VISIT_KEYS,
    VOICE_KEYS,
    WRITE_KEYS,
)
from simulator.schema import marks
from simulator.schema.parts import (
    EXAMPLE,
    FEELING,
    Part,
    about,
    by_id,
    condition,
    keys,
    lines,
    listed,
    name_of,
    names_of,
    number,
    places,
    prose,
    ref,
    text,
    those,
    word,
    words_or_ids,
)

_PHASES = {
    Phase.PREPARATION: "Before the client is there.",
    Phase.MEETING: "With the client.",
    Phase.WRAP_UP: "Afterwards: the note, referrals, what is left to do.",
}
_OFFERED = {
    "documents": "Any document that has not been read yet can be opened here.",
    "consult": "The supervisor can be asked here; a scene with `consult:` offers this by itself.",
    "directory": "The referral directory can be opened here.",
}
_TELLING = ("text", "says", "voices", "consult", "offers")
"""The keys by which a scene tells something."""
_WORDINGS = "Text, or a list of wordings, each with `if:` and `say:`; a last one without `if:` is for the rest."
_WAYS = "Exactly one of `do:` and `say:` is needed: `say:` is spoken, `do:` is done."
_WAY_ON = "Nothing leads on from here: give this a `next:`, or give its scene one."

_SETS = "Facts that become true, by their ids: one, or several in [ ]."
_CLEARS = "Facts that are no longer true, by their ids: one, or several in [ ]."
_FEELS = "How feelings change, such as: {tension: -2, trust: +1}. Write gus.trust for somebody else's."
_MARKS = "What it is worth, such as: {rapport.limits: best}; or a list of `when:`, `give:` and `why:`."
_WHY = "Why it is worth that. The trainee reads it in the debrief."
_THEN = f"What happens right away: what one sees or hears. {_WORDINGS}"
_DO = "An action, in the words that the trainee picks, such as: Ask her to come in."
_SAY = "Spoken words, without quotation marks around them."
_WHEN = f"It is on offer only while this is true. {EXAMPLE}"


def definitions(rubric: Rubric) -> dict[str, Part]:
    """Define what several places of the format share."""
    return {
        "indicators": marks.indicators(rubric),
        "response": _response(),
        "select": _select(),
        "rank": _rank(),
        "write": _write(rubric),
    }


def scene(*, shared: bool = False) -> Part:
    """A scene of a case, or of a shared file."""
    used = SHARED_SCENE_KEYS if shared else SCENE_KEYS
    kinds = [kind for kind in KINDS if kind in used]
    return keys(
        those(used, _scene()),
        rules=[*_one_kind(kinds), *_way_on(), _something_to_consult(), _minutes(kinds), *_visits(shared)],
    )


def _scene() -> dict[str, Part]:
    return {
        "phase": about("The part of the work. It goes on until another scene changes it.", word(_phases())),
        "with": about("Whom the scene is with, by id; without it, the client.", name_of("people")),
        "text": about(f"What the trainee sees and reads. {_WORDINGS}", text()),
        "says": about(f"What the person says, with its quotation marks, below a `|`. {_WORDINGS}", text()),
        "voices": about("What further people say afterwards, in this order.", listed(_voice())),
        "consult": about(
            "What your supervisor says if asked here; `line:` takes it from a shared file. A list of wordings may also "
            "have `away:`, with the reason why nobody can be asked.",
            text(away=True),
        ),
        "consult-minutes": about(
            "Minutes that asking takes; 2 unless said. Asking again in the same scene is free.",
            number(0, LONGEST_DAY, 2),
        ),
        "offers": about(
            "What can be opened here, besides what is to be decided; single documents by their ids.",
            words_or_ids(_offers(), "documents"),
        ),
        "sets": about(f"On entering the scene. {_SETS}", names_of("facts")),
        "clears": about(f"On entering the scene. {_CLEARS}", names_of("facts")),
        "feels": about(f"Each time the scene is entered. {_FEELS}", feels()),
        "minutes": about(
            "Minutes that a scene takes which only tells something; 0 unless said.", number(0, LONGEST_DAY, 0)
        ),
        "hub": about(
            "Whether open work is listed here: what is to be done, whose it is, when it is due.",
            {
                "type": ["boolean", "string"],
                "pattern": "^(?:true|false)$",
                "errorMessage": "true or false belongs here.",
            },
        ),
        "responses": about(
            "What the trainee can say or do here, each under an id of its own.",
            by_id(ref("response"), "an-id-of-your-own"),
        ),
        "select": about("The trainee picks several things at once. The scene needs a `next:`.", ref("select")),
        "rank": about("The trainee puts things in order. The scene needs a `next:`.", ref("rank")),
        "write": about(
            "The trainee writes something, which a person reviews and no machine scores. The scene needs a `next:`.",
            ref("write"),
        ),
        "visit": about(
            "Goes through shared scenes, from this one on, and comes back to this scene's `next:`.", name_of("visits")
        ),
        "outcomes": about(
            "Marks that are given on leaving the scene, for what was not done or done in time. Each counts once.",
            marks.outcomes(),
        ),
        "next": about(
            "Where it goes on: a scene or an ending, or a list of `when:` and `to:` that ends with a `to:` alone.",
            places(),
        ),
    }


def feels() -> Part:
    """How feelings change."""
    change = number(-HIGHEST, HIGHEST)
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {
            "title": "feeling",
            "pattern": FEELING,
            "patternErrorMessage": "A feeling belongs here, such as trust, or gus.trust for somebody else's.",
        },
        "additionalProperties": change,
        "allOf": [{"$ref": "#/definitions/feelings"}],
    }


def _phases() -> dict[str, str]:
    return {name: _PHASES.get(phase, "") for name, phase in PHASES.items()}


def _offers() -> dict[str, str]:
    return {name: _OFFERED.get(name, "") for name in OFFERS}


def _voice() -> Part:
    described = {
        "who": about("The id of a person.", name_of("people")),
        "says": about(f"What they say, with its quotation marks, below a `|`. {_WORDINGS}", text()),
    }
    return keys(those(VOICE_KEYS, described), needs=VOICE_KEYS)


# -- what a scene needs, and what does not go together ----------------------------------------


def _one_kind(kinds: list[str]) -> list[Part]:
    """Rule that a scene has one thing to decide at the most."""
    return [
        {
            "if": {"type": "object", "required": [kind]},
            "then": {
                "properties": {other: False for other in kinds if other != kind},
                "errorMessage": f"This scene has `{kind}:` already, and a scene is of one kind: make two scenes of it.",
            },
        }
        for kind in kinds
    ]


def _way_on() -> list[Part]:
    """Rule that every scene, and every response, leads on."""
    led = {"required": ["next"], "errorMessage": _WAY_ON}
    undecided = {"type": "object", "required": ["responses"], "not": {"required": ["next"]}}
    return [
        {"if": {"type": "object", "not": {"required": ["responses"]}}, "then": led},
        {"if": undecided, "then": {"properties": {"responses": {"additionalProperties": led}}}},
    ]


def _something_to_consult() -> Part:
    offering = {"anyOf": [{"const": "consult"}, {"type": "array", "contains": {"const": "consult"}}]}
    return {
        "if": {"type": "object", "required": ["offers"], "properties": {"offers": offering}},
        "then": {
            "required": ["consult"],
            "errorMessage": "This scene offers to consult: add `consult:` with what the supervisor says here.",
        },
    }


def _minutes(kinds: list[str]) -> Part:
    """Rule that minutes stand where they pass: in a scene, only if it tells something and nothing is decided."""
    decided, told = ([{"required": [key]} for key in keys_] for keys_ in (kinds, _TELLING))
    return {
        "if": {"type": "object", "anyOf": [*decided, {"not": {"anyOf": told}}]},
        "then": {
            "properties": {"minutes": False},
            "errorMessage": (
                "Only a scene that just tells something has `minutes:`. Else they stand where they pass: on "
                "responses, or under `select:`, `rank:` or `write:`."
            ),
        },
    }


def _visits(shared: bool) -> list[Part]:
    """Rule that a scene which visits shared ones has nothing to show by itself."""
    if shared:
        return []
    left = {key: False for key in SCENE_KEYS if key not in (*VISIT_KEYS, *KINDS)}
    return [
        {
            "if": {"type": "object", "required": ["visit"]},
            "then": {
                "properties": left,
                "errorMessage": "A scene with `visit:` shows nothing itself: put this into a scene before it.",
            },
        }
    ]


def _say_or_do() -> list[Part]:
    return [
        {"if": {"not": {"required": ["do"]}}, "then": {"required": ["say"], "errorMessage": _WAYS}},
        {"if": {"required": ["do"]}, "then": {"properties": {"say": False}, "errorMessage": _WAYS}},
    ]


# -- what is decided --------------------------------------------------------------------------


def _response() -> Part:
    described = {
        "do": about(_DO, prose()),
        "say": about(_SAY, prose()),
        "when": about(_WHEN, condition()),
        "then": about(_THEN, text()),
        "marks": about(_MARKS, marks.rules()),
        "why": about(_WHY, prose()),
        "feels": about(_FEELS, feels()),
        "minutes": about("Minutes that it takes; 1 unless said.", number(0, LONGEST_DAY, 1)),
        "sets": about(_SETS, names_of("facts")),
        "clears": about(_CLEARS, names_of("facts")),
        "next": about(
            "Where it goes on; without it, where the scene says. A scene or an ending, or a list of `when:` and `to:`.",
            places(),
        ),
        "again": about("true, or how often it can be taken; once unless said.", _times()),
    }
    return keys(those(RESPONSE_KEYS, described), rules=_say_or_do())


def _times() -> Part:
    return {
        "type": ["boolean", "integer", "string"],
        "minimum": 1,
        "maximum": MOST_TIMES,
        "pattern": r"^(?:true|false|yes|no|[+-]?[0-9]{1,9})$",
        "errorMessage": f"true, or a whole number from 1 to {MOST_TIMES}, belongs here.",
    }


def _select() -> Part:
    described = {
        "prompt": about("The question, such as: What do you take care of first?", prose()),
        "least": about("How many have to be picked at least; 1 unless said.", number(0, MOST_OPTIONS, 1)),
        "most": about("How many can be picked at most; all unless said.", number(1, MOST_OPTIONS)),
        "minutes": about(
            "Minutes that the scene takes; 1 unless said. Those of what is picked come on top.",
            number(0, LONGEST_DAY, 1),
        ),
        "then": about(_THEN, text()),
        "options": about(
            f"What there is to pick from, 2 to {MOST_OPTIONS} things, each under an id of its own.",
            by_id(_option(), "an-id-of-your-own", least=2, most=MOST_OPTIONS),
        ),
    }
    return keys(those(SELECT_KEYS, described), needs=("prompt", "options"))


def _option() -> Part:
    described = {
        "do": about(_DO, prose()),
        "say": about(_SAY, prose()),
        "when": about(_WHEN, condition()),
        "then": about("What comes of it at once, told before the reaction to all that was picked.", text()),
        "marks": about(f"If it is picked. {_MARKS}", marks.rules()),
        "why": about(_WHY, prose()),
        "left-out": about("If it was on offer and was not picked: `marks:` and `why:`; or a list.", _left_out()),
        "feels": about(_FEELS, feels()),
        "minutes": about("Minutes that it takes if it is picked; 0 unless said.", number(0, LONGEST_DAY, 0)),
        "sets": about(_SETS, names_of("facts")),
        "clears": about(_CLEARS, names_of("facts")),
    }
    return keys(those(OPTION_KEYS, described), rules=_say_or_do())


def _left_out() -> Part:
    described = {"marks": about(_MARKS, marks.rules()), "why": about(_WHY, prose())}
    return {
        **keys(those(LEFT_OUT_KEYS, described), needs=("marks",)),
        "type": ["object", "array"],
        "allOf": [{"minItems": 1, "items": marks.rule()}],
    }


def _rank() -> Part:
    described = {
        "prompt": about("The question, such as: In which order do you do these?", prose()),
        "minutes": about("Minutes that it takes; 1 unless said.", number(0, LONGEST_DAY, 1)),
        "then": about(_THEN, text()),
        "items": about(
            f"What is to be put in order, 2 to {MOST_ITEMS} things, each under an id of its own.",
            by_id(prose(), "an-id-of-your-own", least=2, most=MOST_ITEMS),
        ),
        "pairs": about(
            "What it is worth to put one thing before another. Not every pair needs an entry.", listed(_pair())
        ),
    }
    return keys(those(RANK_KEYS, described), needs=("prompt", "items"))


def _pair() -> Part:
    shown = {
        "marks": about("What it is worth, such as: {organization.priorities: best}.", marks.given()),
        "why": about(_WHY, prose()),
        "sets": about(_SETS, names_of("facts")),
    }
    described = {
        "this": about("The id of an item.", name_of("items")),
        "before": about("The id of another item. The marks are given if `this:` stands above it.", name_of("items")),
        **shown,
        "reverse": about("What the other way round is worth.", keys(those(REVERSE_KEYS, shown))),
    }
    return keys(those(PAIR_KEYS, described), needs=("this", "before"))


def _write(rubric: Rubric) -> Part:
    described = {
        "prompt": about("What is to be written.", prose()),
        "rated-on": about("Indicators that the reviewer rates it on: one, or several in [ ].", marks.names(rubric)),
        "look-for": about("Hints for the reviewer, a line each.", lines()),
        "model": about("An example of a good one, shown to the reviewer and in the debrief.", prose()),
        "minutes": about("Minutes that writing takes; 5 unless said.", number(0, LONGEST_DAY, 5)),
    }
    return keys(those(WRITE_KEYS, described), needs=("prompt",))
