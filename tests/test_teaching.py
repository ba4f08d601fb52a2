"""What an author is advised about how a case teaches: each flaw beside its fair twin, in which nothing is said."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import session
from simulator.check import check
from simulator.cli import main
from simulator.condition import Term
from simulator.explore import Exploration
from simulator.flaw import Flaw
from simulator.library import built_in, files
from simulator.machine import Machine, machine_of
from simulator.names import RETURN
from simulator.problem import Severity
from simulator.scenario import Scenario
from simulator.teaching import flaws
from simulator.teaching.calendar_dates import MONTHS, WEEKDAYS, agree, dates_in
from simulator.teaching.claims import Claim, claims
from simulator.teaching.hearing import FAR_ABOVE, HARDEST, grade
from simulator.teaching.lacking import Shortest, mask_of, played, unseen
from simulator.teaching.marked import marked
from simulator.teaching.syllables import _known, syllables
from simulator.teaching.told import Kind, told
from simulator.teaching.words import quotations, sentences, stem
from tests.brute_force import Played, TooMany, play_all
from tests.cases import case, loaded, rubric, trials, written
from tests.scenarios_random import SMALL, random_case

SAID = "You can leave the letter here."
WHY = "It was meant to spare her a wait. She came to talk, and a chair would have told her that she may."
TELLS = "first: {text: A., responses: {tell: {say: No., sets: told, next: end}, go: {say: Go., next: end}}}"
HARD = (
    "Following the determination communicated to me regarding my application for emergency rental assistance, I "
    "unfortunately have considerable difficulty understanding which additional documentation the administration "
    "considers necessary for a reconsideration of that decision."
)
EASY = (
    "I got the letter. They say no. They say a paper is missing. I brought every paper there is. Which one do they "
    "want? Who do I ask? I can go home and look. I just need to know."
)


def advised(of: Scenario, code: str = "") -> list[Flaw]:
    """Return what is said about a case that was not explored, of one code if one is named."""
    return [flaw for flaw in flaws(of, rubric(), None) if code in ("", flaw.code)]


def explored(of: Scenario) -> list[Flaw]:
    return list(unseen(Exploration(of, rubric())))


def marked_case(response: str, **sections: str) -> Scenario:
    return case(f"first: {{text: She waits., responses: {{leave: {response}}}}}", **sections)


# -- reasons ----------------------------------------------------------------------------------


def test_a_mark_without_a_reason_is_noticed() -> None:
    """What is marked and says no `why:` is named with its mark; with one, nothing is said."""
    bare = f"{{say: {SAID}, marks: {{rapport.engagement: poor}}, next: end}}"
    (flaw,) = advised(marked_case(bare))
    assert (flaw.code, flaw.subject, flaw.severity) == ("no-why", "first/leave", Severity.ADVICE)
    assert "`rapport.engagement: poor`" in flaw.message
    assert not advised(marked_case(bare.replace("next:", "why: 'It was a chair that she needed, and time.', next:")))
    assert not advised(marked_case(f"{{say: {SAID}, next: end}}"))


def test_whatever_gives_marks_needs_a_reason() -> None:
    """Options, leaving them out, pairs, outcomes of scenes and of endings are looked at as responses are."""
    bare = case(
        """
        first:
          select:
            prompt: What do you do?
            options:
              call: {do: Call., marks: {ethics.safety: best}, left-out: {marks: {ethics.safety: poor}}}
              wait: {do: Wait.}
          next: then
        then:
          rank:
            prompt: What comes first?
            items: {note: The note, mail: The mail}
            pairs:
              - {this: note, before: mail, marks: {organization.priorities: best}}
          outcomes: [{when: chose(wait), marks: {ethics.safety: poor}}]
          next: end
        """,
        endings="""
        end: {title: Over, text: It is over., outcomes: [{marks: {ethics.safety: poor}}]}
        """,
    )
    assert [flaw.subject for flaw in advised(bare, "no-why")] == ["first/call", "first/call", "then", "then", "end"]


def test_rules_may_share_their_reason() -> None:
    """Several entries of `marks:` without any `why:` are told once; a `why:` beside the list is one for all of them."""
    listed = """
        first:
          text: She waits.
          responses:
            leave:
              say: You can leave it.
              marks:
                - {when: trust >= 5, give: {rapport.empathy: best}}
                - give: {rapport.empathy: poor}
              next: end
        """
    assert len(advised(case(listed), "no-why")) == 1
    assert not advised(case(listed.replace("next: end", f"why: {WHY}\n              next: end")))


@pytest.mark.parametrize(
    "why",
    [
        "You told her to leave the letter.",
        "This is the best response.",
        "Poor engagement.",
        "Wrong.",
        "You left the letter here, because leaving letters here is what you can do with a letter here.",
    ],
)
def test_a_reason_that_repeats_is_none(why: str) -> None:
    """A `why:` that says the response again, or only which level it has, is quoted back."""
    (flaw,) = advised(marked_case(f"{{say: {SAID}, marks: {{rapport.engagement: poor}}, why: '{why}', next: end}}"))
    assert (flaw.code, flaw.subject) == ("why-repeats", "first/leave")
    assert why[:20] in flaw.message


@pytest.mark.parametrize(
    "why",
    [
        WHY,
        "A chair would have told her more.",
        "It is not yours to give.",
        "The letter was hers, and she lost sight of it for a week without a copy.",
    ],
)
def test_a_reason_that_says_something_is_one(why: str) -> None:
    """A short `why:` with something of its own in it is fine, and so is one that takes up words of the response."""
    response = f"{{say: {SAID}, marks: {{rapport.engagement: poor}}, why: '{why}', next: end}}"
    assert not advised(marked_case(response))


@pytest.mark.parametrize(("standard", "fine"), [("", 0), ("ethics", 0), ("NASW Code", 0), ("NASW Code 1.07", 1)])
def test_a_critical_names_what_it_rests_on(standard: str, fine: int) -> None:
    """A critical without a standard, or with one that nobody could look up, is advised about."""
    given = f"standard: {standard}, " if standard else ""
    found = advised(
        case(
            TELLS,
            facts="\ntold: You told.",
            criticals=f"\ntold-all: {{cue: first, when: told, {given}why: It is hers to tell.}}",
        )
    )
    assert [flaw.subject for flaw in found] == ["told-all"] * (1 - fine)


def test_a_policy_without_a_number_is_a_standard_as_well() -> None:
    """A standard in words names a rule if it is long enough to be found."""
    told_in = "\ntold-all: {cue: first, when: told, standard: Agency policy on home visits, why: It is hers to tell.}"
    assert not advised(
        case(
            TELLS,
            facts="\ntold: You told.",
            criticals=told_in,
        )
    )


# -- the whole appointment --------------------------------------------------------------------


def appointment(phases: dict[int, str], last: str = "{write: {prompt: Write the note.}, next: end}") -> Scenario:
    """Return a case of eight scenes with a decision, of which some say in which phase they are."""
    scenes = []
    for number in range(8):
        phase = f"phase: {phases[number]}, " if number in phases else ""
        name = "first" if number == 0 else f"s{number}"
        to = f"s{number + 1}"
        body = f"{{text: '{number}', responses: {{a: {{do: Wait.}}, b: {{say: Go on.}}}}, next: {to}}}"
        scenes.append(f"{name}: {(last if number == 7 else body).replace('{', '{' + phase, 1)}")
    return case("\n".join(scenes))


def test_a_case_of_some_length_is_a_whole_appointment() -> None:
    """Each phase in which nothing is decided is named, and can be answered by its name."""
    assert not advised(appointment({1: "meeting", 7: "wrap-up"}))
    assert [flaw.subject for flaw in advised(appointment({0: "meeting"}))] == ["preparation", "wrap-up"]
    assert [flaw.subject for flaw in advised(appointment({}))] == ["meeting", "wrap-up"]


def test_a_wrap_up_has_something_to_write_or_refer() -> None:
    """A wrap-up in which nothing is written or passed on is none; what is marked on records or referral is enough."""
    talk = "{responses: {a: {do: Go home.%s}, b: {say: Good night.}}, next: end}"
    (flaw,) = advised(appointment({1: "meeting", 7: "wrap-up"}, talk % ""))
    assert (flaw.code, flaw.where) == ("missing-phase", ("scenes", "s7"))
    given = f", marks: {{organization.referral: best}}, why: {WHY.replace(',', ' ')}"
    assert "missing-phase" not in [
        flaw.code for flaw in advised(appointment({1: "meeting", 7: "wrap-up"}, talk % given))
    ]


def test_a_phase_that_nobody_comes_to_is_missing() -> None:
    """Where a case was explored, a scene behind a condition that never holds is no part of the appointment."""
    text = """
        first: {text: A., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s1}
        s1: {phase: meeting, text: B., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s2}
        s2: {text: C., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s3}
        s3: {text: D., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s4}
        s4: {text: E., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s5}
        s5: {text: F., responses: {a: {do: Wait.}, b: {say: Go.}}, next: s6}
        s6:
          text: G.
          responses: {a: {do: Wait.}, b: {say: Go.}}
          next: [{when: gus.trust >= 9, to: note}, {to: end}]
        note: {phase: wrap-up, write: {prompt: Write.}, next: end}
        """
    of = case(text)
    assert not advised(of)
    found = flaws(of, rubric(), Exploration(of, rubric()))
    assert [(flaw.code, flaw.subject) for flaw in found] == [("missing-phase", "wrap-up")]


def test_an_exercise_is_not_asked_for_a_whole_appointment() -> None:
    """A case with fewer decisions may be about one part only."""
    assert not advised(case("first: {phase: meeting, text: A., responses: {a: {do: Wait.}, b: {say: Go.}}, next: end}"))


def test_a_dimension_does_not_hang_on_one_indicator() -> None:
    """In a whole appointment, a dimension that is marked on one indicator only is named; with two it is fine."""
    last = "{write: {prompt: Write.}, next: end, outcomes: [%s]}"
    one = "{when: trust >= 5, marks: {ethics.privacy: best}, why: She could talk behind a door.}"
    two = "{when: trust >= 6, marks: {ethics.safety: best}, why: Somebody asked how the night will be.}"
    (flaw,) = advised(appointment({1: "meeting", 7: "wrap-up"}, last % one))
    assert (flaw.code, flaw.subject) == ("thin-dimension", "ethics")
    assert not advised(appointment({1: "meeting", 7: "wrap-up"}, last % f"{one}, {two}"))


# -- what clients say -------------------------------------------------------------------------


def spoken(says: str, times: int = 1, person: str = "ruth") -> Scenario:
    """Return a case in which somebody says something in so many scenes."""
    scenes = ["first: {text: She waits., next: s0}"]
    for number in range(times):
        to = f"s{number + 1}" if number + 1 < times else "end"
        scenes.append(f's{number}:\n  with: {person}\n  says: |\n    "{says}"\n  next: {to}')
    return case("\n".join(scenes))


def test_a_client_above_ninth_grade_is_hard_to_hear() -> None:
    """All that a person with feelings says is judged together, and the hardest sentences are quoted."""
    hard = "The administration considers additional documentation necessary. I do not understand the determination."
    (flaw,) = advised(spoken(hard, 10))
    assert (flaw.code, flaw.subject) == ("hard-to-hear", "ruth")
    assert "“The administration considers additional documentation necessary.”" in flaw.message
    assert not advised(spoken(EASY, 10))


def test_a_few_words_are_no_sample() -> None:
    """Somebody who says little is not judged, however hard it is."""
    assert not advised(spoken("The administration considers additional documentation necessary."))


def test_a_single_speech_may_be_far_above() -> None:
    """One long speech that is far above the others is named where it stands."""
    (flaw,) = advised(spoken(HARD))
    assert (flaw.code, flaw.where[:2], flaw.subject) == ("hard-to-hear", ("scenes", "s0"), "s0")


def test_a_short_speech_may_be_out_of_reach() -> None:
    """A dozen words that nobody would say are named by themselves, if little else is said."""
    hard = "Adequate supervision would necessitate considerable additional organizational coordination and expenditure."
    (flaw,) = advised(spoken(hard))
    assert (flaw.code, flaw.subject) == ("hard-to-hear", "s0")
    assert not advised(spoken("Somebody would have to look after him then, and I do not know who that is."))


def test_only_people_with_feelings_are_judged() -> None:
    """A letter and a colleague may be hard to read: that is true to life."""
    people = """
        ruth: {name: Ruth Adeyemi, feelings: {trust: 4, tension: 6}}
        ines: {name: Ines Calloway}
        """
    says = 'first:\n  text: She waits.\n  voices:\n    - who: %s\n      says: |\n        "' + HARD + '"\n  next: end'
    assert not advised(case(says % "ines", people=people))
    assert len(advised(case(says % "ruth", people=people))) == 1
    letter = f"\nletter: {{title: Letter, text: '{HARD}'}}"
    assert not advised(case("first: {text: She waits., offers: [documents], next: end}", documents=letter))


def test_what_is_told_around_a_speech_is_not_speech() -> None:
    """Of what somebody says only the quoted words count, and of a reaction only if nobody else may have said them."""
    around = 'first:\n  says: |\n    "No." ' + HARD + "\n  next: end"
    assert not advised(case(around))
    reaction = (
        'first:\n  text: A.\n  responses:\n    go:\n      say: Go.\n      then: |\n        %s"'
        + HARD
        + '"\n      next: end'
    )
    assert len(advised(case(reaction % ""))) == 1
    assert not advised(case(reaction % "Gus looks up. "))


def test_the_grade_is_that_of_kincaid() -> None:
    """The formula gives what it gives by hand: 0.39 words a sentence, 11.8 syllables a word, less 15.59."""
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade(["The company decided.", "We agreed."]) == pytest.approx(0.39 * 2.5 + 11.8 * 10 / 5 - 15.59)
    assert grade([]) == 0
    assert grade([HARD]) > FAR_ABOVE > HARDEST > grade(sentences(EASY))


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "make asked through eyes don't says walked ached worked she'd been trust planned hold"),
        (
            2,
            "table wanted hundred people being didn't office needed letter safely houses careful Wednesday every",
        ),
        (3, "assistance serious remember decided refusal officer's idea reaction companion"),
        (4, "emergency society January ability"),
        (5, "continuity university immediately documentation determination"),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(count: int, listed: str) -> None:
    """Silent letters do not count, and vowels side by side may count twice."""
    known = listed.split()
    assert {word: syllables(word) for word in known} == dict.fromkeys(known, count)


def test_exceptions_stand_for_their_plurals() -> None:
    """A word that the rules get wrong is looked up, and its plural with it; each digit of a number counts."""
    assert _known()["idea"] == syllables("ideas") == 3
    assert syllables("10") == 2


@given(st.text(max_size=40))
@trials(60)
def test_any_word_has_a_syllable(word: str) -> None:
    """Whatever somebody types, counting comes to an end with one syllable or more."""
    assert syllables(word) >= 1


def test_sentences_do_not_end_with_mr() -> None:
    """A full stop behind a title or an initial ends nothing; one behind a quotation mark does."""
    assert list(sentences('Mr. Voss sat. "No." Dr. J. Lund left at 3 p.m. again!')) == [
        "Mr. Voss sat.",
        '"No."',
        "Dr. J. Lund left at 3 p.m. again!",
    ]
    assert quotations('"No," she says. “Not today.”') == ["No,", "Not today."]
    assert stem("promised") == stem("promise") == stem("promising") == stem("promises")
    assert stem("told") == stem("tells")


# -- endings ----------------------------------------------------------------------------------

ENDED = "first: {text: A., responses: {a: {do: Wait., next: one}, b: {say: Go., next: two}}}"


def test_endings_with_the_same_title_are_alike() -> None:
    """Two endings of one name cannot be told apart in any list, whatever is told in them."""
    same = "\none: {title: Until Friday, text: The gas stays on.}\ntwo: {title: until friday, text: Nobody calls back.}"
    (flaw,) = advised(case(ENDED, endings=same))
    assert (flaw.code, flaw.subject, flaw.also[0][0]) == ("endings-alike", "two", ("endings", "one", "title"))
    assert not advised(case(ENDED, endings=same.replace("until friday", "Shut off")))


def test_endings_with_mostly_the_same_text_are_alike() -> None:
    """A copy with a few words changed is found, also among the variants of a text; two of their own are not."""
    long = "He goes home by the river with the notice in his coat and thinks about what you said to him"
    copy = f"- {{if: trust >= 5, say: {long} once.}}\n    - He stays."
    copy = f"\none: {{title: One, text: {long}.}}\ntwo:\n  title: Two\n  text:\n    {copy}"
    (flaw,) = advised(case(ENDED, endings=copy))
    assert (flaw.code, flaw.where) == ("endings-alike", ("endings", "two", "text"))
    apart = f"\none: {{title: One, text: {long}.}}\ntwo: {{title: Two, text: On Friday somebody rings at his door.}}"
    assert not advised(case(ENDED, endings=apart))


def test_the_same_few_words_are_the_same_text() -> None:
    """Short texts are compared as a whole."""
    (flaw,) = advised(case(ENDED, endings="\none: {title: One, text: Over.}\ntwo: {title: Two, text: Over!}"))
    assert "have the same text" in flaw.message


# -- the content note -------------------------------------------------------------------------


def heavy(says: str, note: str = "") -> Scenario:
    sections = {"content_note": note} if note else {}
    return case(f'first:\n  says: |\n    "{says}"\n  next: end', **sections)


@pytest.mark.parametrize(
    ("says", "topic", "note"),
    [
        ("I think of suicide some nights.", "suicide", "Thoughts of suicide"),
        ("He hits me when the rent is due.", "violence-at-home", "Violence at home"),
        ("Child protective services were here.", "child-abuse", "A child in danger"),
        ("I was raped in that shelter.", "sexual-violence", "Sexual violence"),
        ("We lost our baby in May.", "death-of-a-child", "The death of a child"),
        ("My brother took an overdose.", "substance-use", "Drug use"),
        ("They changed the locks while I was at work.", "forced-from-home", "Eviction"),
        ("My cousin was stabbed on our street.", "violent-death", "Gun violence and killing"),
    ],
)
def test_what_is_heavy_has_to_be_named(says: str, topic: str, note: str) -> None:
    """A topic that the words of a case speak of is named with its first place, unless the content note names it."""
    for missing in ("", "none", "Money trouble and anger."):
        (flaw,) = advised(heavy(says, missing))
        assert (flaw.code, flaw.subject) == ("content-note-missing", topic)
        assert "`first`" in flaw.message
    assert not advised(heavy(says, note))


@pytest.mark.parametrize(
    ("says", "topic"),
    [
        ("She took all her pills and lay down.", "suicide"),
        ("He hit me in front of the boy.", "violence-at-home"),
        ("They took my kids away in June.", "child-abuse"),
        ("My uncle touched me when I was ten.", "sexual-violence"),
        ("I drank again on Sunday.", "substance-use"),
        ("We were evicted in June.", "forced-from-home"),
        ("He stood in the door with a gun.", "violent-death"),
    ],
)
def test_people_say_what_is_heavy_in_their_own_words(says: str, topic: str) -> None:
    """Nobody who speaks of it uses the name of the topic."""
    assert [flaw.subject for flaw in advised(heavy(says))] == [topic]


@pytest.mark.parametrize(
    "says",
    ["He beat me to the door.", "I wanted to die of shame.", "The tie nearly strangled me.", "A shade of rape seed."],
)
def test_a_manner_of_speaking_is_not_heavy(says: str) -> None:
    """A word in a phrase in which it means nothing of the kind is not looked at."""
    assert not advised(heavy(says))


def test_a_word_that_may_mean_something_else_needs_another() -> None:
    """One bruise or one belt says nothing; two such words of one topic do."""
    assert not advised(heavy("I have a bruise from the bus door."))
    (flaw,) = advised(heavy("I have a bruise. He slapped the table."))
    assert flaw.subject == "violence-at-home"


@pytest.mark.parametrize(
    "says",
    ["The drapes are new.", "I can call the Suicide and Crisis Lifeline.", "I met the deputy.", "The method is fine."],
)
def test_parts_of_words_and_names_of_services_are_not_heavy(says: str) -> None:
    """A word is a whole word, and the name of a service is no subject."""
    assert not advised(heavy(says))


def test_a_directory_lists_everything() -> None:
    """What a referral directory offers says nothing about the case."""
    entries = "\nentries: {line: {service: Domestic violence shelter, contact: 555-0100, last-verified: 2026-01-01}}"
    assert not advised(case("first: {text: A., offers: [directory], next: end}", directory=entries))


# -- dates ------------------------------------------------------------------------------------


def dated(briefing: str, *papers: str) -> list[Flaw]:
    documents = "".join(f"\npaper-{number}: {{title: Paper, text: '{paper}'}}" for number, paper in enumerate(papers))
    scenes = "first: {text: A., offers: [documents], next: end}" if papers else "first: {text: A., next: end}"
    return advised(case(scenes, briefing=briefing, **({"documents": documents} if papers else {})))


def test_weekdays_have_to_fit_each_other() -> None:
    """Without a year, two weekdays with dates that no year has are told, with both places."""
    (flaw,) = dated("It is Tuesday 4 March.", "Please come on Friday 6 March.")
    assert (flaw.code, flaw.subject) == ("dates-disagree", "paper-0")
    assert "Friday 6 March does not fit Tuesday 4 March in `briefing:`" in flaw.message
    assert flaw.also[0][0] == ("briefing",)
    assert not dated("It is Tuesday 4 March.", "Please come on Thursday 6 March.")


def test_a_weekday_has_to_fit_its_year() -> None:
    """Where a year is written, beside the date or in the briefing, the calendar of that year counts."""
    assert not dated("It is Thursday 12 March 2026.")
    (flaw,) = dated("It is Friday 12 March 2026.")
    assert "12 March 2026 is a Thursday in 2026" in flaw.message
    (flaw,) = dated("It is 12 March 2026.", "Come on Monday 13 April or on Tuesday 13 April.")
    assert "Tuesday 13 April is a Monday in 2026" in flaw.message


def test_an_old_paper_has_the_year_that_it_says() -> None:
    """A paper that is dated is looked at in its own year, not in that of the case."""
    assert not dated("It is Thursday 12 March 2026.", "14 May 2024. Seen on Monday 13 May.")


def test_the_next_january_is_in_the_next_year() -> None:
    """Dates lie near each other: a story of November that looks ahead to January needs no year."""
    assert not dated("It is Tuesday 17 November.", "The judge agreed to Saturday 2 January.")


def test_a_day_that_does_not_exist_is_told() -> None:
    """There is no 31 June, and there is a 29 February."""
    (flaw,) = dated("It is 31 June.")
    assert "there is no such day as 31 June" in flaw.message
    assert not dated("It is 29 February.")


def test_two_papers_may_put_an_appointment_on_two_days() -> None:
    """The same appointment on two days is told with both places; another appointment is not the same one."""
    (flaw,) = dated("Read.", "Your appointment is on 12 March.", "Seen today. Appointment on 13 March.")
    assert "the appointment is on 13 March in `paper-1` and on 12 March in `paper-0`" in flaw.message
    assert not dated("Read.", "Your appointment is on 12 March.", "Appointment on 12 March.")
    assert not dated("Read.", "Your appointment is on 12 March.", "The hearing is on 13 March.")
    assert not dated("Read.", "Your dental appointment is on 12 March.", "Your housing appointment is on 13 March.")


@pytest.mark.parametrize(
    ("one", "other", "fair"),
    [
        ("The hearing is on Friday.", "She has a hearing on Monday.", "She has a hearing on Friday."),
        ("The hearing is on Friday 20 November.", "Hearing on Monday.", "Hearing on Friday."),
        ("Keys on 20 November 2026.", "She gets the keys on 27 November.", "She gets the keys on 20 November."),
        ("Lease begins 2026-11-20.", "Lease begins 11/27/2026.", "Lease until 2027-11-30."),
        ("Ruth Adeyemi, born 4 March 1988.", "Ruth Adeyemi, born on 4 March 1989.", "Gus Lund, born 5 May 2016."),
    ],
)
def test_what_happens_once_is_on_one_day(one: str, other: str, fair: str) -> None:
    """Dates in numbers, weekdays without a date, keys and birthdays are compared like appointments."""
    assert [flaw.subject for flaw in dated("Read.", one, other)] == ["paper-1"]
    assert not dated("Read.", one, fair)


def test_where_a_paper_has_several_it_is_not_known_which_is_meant() -> None:
    """Notes that list one appointment after another contradict nothing."""
    assert not dated("Read.", "Your appointment is on 12 March.", "Appointment on 3 March. Appointment on 13 March.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tuesday, 4 March", [(3, 4, 1, None)]),
        ("on Tue, March 4th, 2025", [(3, 4, 1, 2025)]),
        ("on the 4th of July", [(7, 4, None, None)]),
        ("Sept. 3 and 9 Oct.", [(9, 3, None, None), (10, 9, None, None)]),
        ("CHANGED 1 JANUARY 2026", [(1, 1, None, 2026)]),
        ("They may 4 times a year. You may. 10/12 of it, in 3 March hares.", [(3, 3, None, None)]),
        ("We march 4 abreast. 10/12. Due: 4/3/2025. The 12th. May I?", []),
        ("March 4 people up, or March 12% or March 40", []),
        ("$3 March, 1.4 March", []),
        ("2026-11-20, 11/20/2026 and 20/11/2026", [(11, 20, None, 2026), (11, 20, None, 2026)]),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, found: list[tuple[int, int, int | None, int | None]]) -> None:
    """Months by name with a day beside them are dates; words and fractions that look like them are not."""
    assert [(each.month, each.day, each.weekday, each.year) for each in dates_in(text)] == found


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(-183, 183))
@trials(100)
def test_days_of_one_calendar_always_agree(day: date, later: int) -> None:
    """Two true dates that lie within half a year of each other are never told to disagree."""
    other = day + timedelta(days=later)
    one, two = (
        next(dates_in(f"{WEEKDAYS[each.weekday()]} {each.day} {MONTHS[each.month - 1]}")) for each in (day, other)
    )
    assert agree(one, two)


# -- what may not have happened ---------------------------------------------------------------

CALLS = """
    first:
      text: She waits.
      responses:
        call: {do: Call the rent office with her.%s}
        wait: {say: Let us see.}
      next: then
    then: {text: She gets up., responses: {go: {say: Good night., next: end}, stay: {say: Stay., next: other}}}
    """


def test_a_deed_that_may_not_have_been_done_is_told_with_a_way() -> None:
    """An ending that says `You called …` is shown to somebody who did not, on the shortest way."""
    ends = "\nend: {title: One, text: You called the rent office. It is paid.}\nother: {title: Two, text: It rains.}"
    (flaw,) = explored(case(CALLS % "", endings=ends))
    assert (flaw.code, flaw.subject, flaw.where) == ("asserts-unseen", "end", ("endings", "end", "text", 0))
    assert "says “You called the rent office”" in flaw.message
    assert flaw.message.endswith("without `chose(first/call)`; the shortest way: first/wait, then/go")


def test_a_wording_that_asks_for_it_claims_nothing() -> None:
    """The same words are fine where they are shown only to those who did it."""
    ends = """
        end:
          title: One
          text:
            - {if: chose(call), say: You called the rent office. It is paid.}
            - It is not paid.
        other: {title: Two, text: You did not call the rent office. She says "You called the rent office."}
        """
    assert not explored(case(CALLS % "", endings=ends))


def test_a_fact_says_what_was_done() -> None:
    """What was done to somebody is known by the fact that says so, whichever response set it."""
    facts = "\npromised: She was promised the money."
    ends = """
        end: {title: One, text: She was promised money and it did not come.}
        other: {title: Two, text: It rains., outcomes: [{when: promised, marks: {rapport.limits: poor}}]}
        """
    (flaw,) = explored(case(CALLS % ", sets: promised", facts=facts, endings=ends))
    assert flaw.subject == "end"
    assert "`promised`" in flaw.message


def test_what_everybody_does_may_be_told() -> None:
    """Where every way leads past the deed, nothing is said."""
    ends = "\nend: {title: One, text: You called the rent office.}\nother: {title: Two, text: It rains.}"
    everybody = (CALLS % "").replace("        wait: {say: Let us see.}\n", "")
    assert not explored(case(everybody, endings=ends))


@pytest.mark.parametrize(
    "ending",
    [
        "You promised her the money for the rent. It rains.",
        "You had put the numbers down with her. It rains.",
        "You read the letter this morning. It rains.",
        "Ruth showed you the second notice. It rains.",
    ],
)
def test_a_deed_may_be_told_by_another_verb(ending: str) -> None:
    """What was said, read, or done by the client is told in the narrator's verbs."""
    scenes = """
    first:
      text: She waits.
      offers: [documents]
      next: then
      responses:
        money: {say: I will get you the money for the rent.}
        numbers: {say: "Shall we put the numbers down, month by month?", sets: showed}
        wait: {do: Wait.}
    then: {text: She gets up., responses: {go: {say: Good night., next: end}, stay: {say: Stay., next: other}}}
    """
    sections = {
        "facts": "\nshowed: Ruth showed you the second notice.",
        "documents": "\nletter: {title: Letter, text: Read it.}",
    }
    ends = "\nend: {title: One, text: '%s'}\nother: {title: Two, text: It snows.}"
    found = explored(case(scenes, endings=ends % ending, **sections))
    assert [flaw.subject for flaw in found] == ["end"]
    assert not explored(case(scenes, endings=ends % "You may put the numbers down. It rains.", **sections))


def test_what_clients_remember_of_you_has_happened() -> None:
    """A client who says what you said is looked at like the narration; a wording that asks for it is fine."""
    scenes = """
    first: {text: She waits., next: then, responses: {call: {say: I will call the rent office.}, wait: {do: Wait.}}}
    then:
      says:
        - %sYou said you would call the rent office.
      responses: {go: {say: Good night., next: end}, stay: {say: Stay., next: other}}
    """
    ends = "\nend: {title: One, text: It is over.}\nother: {title: Two, text: It rains.}"
    (flaw,) = explored(case(scenes % "", endings=ends))
    assert (flaw.code, flaw.subject) == ("asserts-unseen", "then")
    assert not explored(case(scenes % "if: chose(first/call)\n          say: ", endings=ends))


PAPERS = """
    first:
      text: A letter lies there.
      offers: [documents]
      responses: {go: {say: Go., next: end}, stay: {say: Stay., next: other}}
    """
LETTER = "\nletter: {title: Letter, text: 'You owe $340. Yours, Mr. Okafor'}"


def test_somebody_of_whom_only_a_paper_tells_is_not_known_to_all() -> None:
    """A name or an amount that stands in one document is told where the narration takes it for known."""
    ends = "\nend: {title: One, text: On Monday Mr. Okafor calls.}\nother: {title: Two, text: The $340 are not paid.}"
    first, second = explored(case(PAPERS, documents=LETTER, endings=ends))
    assert (first.subject, second.subject) == ("end", "other")
    assert "it stands in `read(letter)`; the shortest way: first/go" in first.message


@pytest.mark.parametrize(
    "sections",
    [
        {"briefing": "Mr. Okafor runs the fund. A rent of $340 is due."},
        {"people": "\nruth: {name: Ruth Okafor, feelings: {trust: 4, tension: 6}}\ngus: {name: Gus}"},
    ],
)
def test_whom_everybody_knows_may_be_mentioned(sections: dict[str, str]) -> None:
    """The client, and whoever stands in the briefing, needs no introduction."""
    ends = "\nend: {title: One, text: On Monday Mr. Okafor calls.}\nother: {title: Two, text: It rains.}"
    assert not explored(case(PAPERS, documents=LETTER, endings=ends, **sections))


def test_somebody_who_is_introduced_is_no_riddle() -> None:
    """A name that is explained beside it, or that is new to everybody, claims nothing."""
    ends = (
        "\nend: {title: One, text: 'Mr. Okafor, who runs the fund, calls.'}\nother: {title: Two, text: Ms. Lund calls.}"
    )
    assert not explored(case(PAPERS, documents=LETTER, endings=ends))


def test_ways_that_are_told_can_be_played_and_are_shortest() -> None:
    """On each way that is told the text comes up without what it speaks of, and no shorter play shows that."""
    ends = (
        "\nend: {title: One, text: You called the rent office.}\nother: {title: Two, text: You called the rent office.}"
    )
    slow = (CALLS % "").replace("next: then\n", "next: round\n", 1) + (
        "\n    round: {text: B., responses: {again: {do: Wait., again: true, next: round}, on: {do: On., next: then}}}"
    )
    of = case(slow, endings=ends)
    machine, exploration = machine_of(of), Exploration(of, rubric())
    found = played(of, claims(of))
    assert len(found) == 2
    for each in found:
        long = (*each.way, *each.way)
        surely, way = Shortest(exploration, each.claim).way(len(long))
        assert surely
        assert way is not None
        assert len(way) == 3 <= len(each.way)
        there = session.start(of)
        for event in way:
            there = there.act(event)
        assert not there.state.bits & mask_of(machine, each.claim)
        assert machine.wording(each.claim.text, there.state.bits) is each.claim.variant


@given(st.integers(0, 20_000))
@trials(40)
def test_the_shortest_way_is_that_of_playing_everything(seed: int) -> None:
    """Whatever a text asks for and takes for granted, the way that is found is as long as the shortest of all plays."""
    of = loaded(random_case(seed, SMALL)).value
    assert of is not None
    try:
        everything = play_all(of, rubric(), 1500)
    except TooMany:
        return
    exploration, machine, chance = Exploration(of, rubric()), machine_of(of), random.Random(seed)
    terms = [Term("chose", f"{scene}/{name}") for scene, name in machine.layout.chose]
    terms += [Term("visited", name) for name in of.scenes] + [Term("read", name) for name in of.documents]
    for each in told(of):
        if each.kind not in (Kind.ENDING, Kind.SCENE) or each.where[-1] == "title" or not each.own:
            continue
        text = of.endings[each.scene].text if each.kind is Kind.ENDING else of.scenes[each.scene].text
        claim = Claim(each, text[each.number], text, "", (chance.choice(terms),), deed=True)
        shortest = nearest(everything, machine, claim)
        surely, way = Shortest(exploration, claim).way(200)
        assert surely
        assert (None if way is None else len(way)) == shortest


def nearest(everything: Played, machine: Machine, claim: Claim) -> int | None:
    """Return the fewest decisions after which a text is shown without what it takes for granted."""
    mask = mask_of(machine, claim)
    first = everything.sessions[0].state.bits & mask
    layer, known, count = ([] if first else [0]), {0}, 0
    while layer:
        following = []
        for number in layer:
            state = everything.sessions[number].state
            here = machine.nodes[state.at].name == claim.told.scene
            if here and machine.wording(claim.text, state.bits) is claim.variant:
                return count
            for done in everything.done[number]:
                if done.to not in known and not everything.sessions[done.to].state.bits & mask:
                    known.add(done.to)
                    following.append(done.to)
        layer, count = following, count + 1
    return None


# -- all of it --------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.booleans())
@trials(25)
def test_any_case_can_be_looked_at(seed: int, small: bool) -> None:
    """Whatever the format allows, checks come to an end, name parts of the case, and only advise."""
    of = loaded(random_case(seed, SMALL) if small else random_case(seed)).value
    if of is None:
        return
    known = {*of.scenes, *of.endings, *of.people, *of.documents, *of.criticals, "preparation", "meeting", "wrap-up"}
    for flaw in flaws(of, rubric(), None):
        assert flaw.severity is Severity.ADVICE
        assert flaw.subject.partition("/")[0] in {*known, "", "rapport", "organization", "ethics"}
    list(claims(of))


@given(st.integers(0, 2_000))
@trials(10)
def test_small_cases_can_be_explored_for_what_is_not_so(seed: int) -> None:
    """With an exploration at hand as well, nothing but advice comes of any case."""
    of = loaded(random_case(seed, SMALL)).value
    if of is not None:
        assert all(flaw.severity is Severity.ADVICE for flaw in flaws(of, rubric(), Exploration(of, rubric())))


def library() -> Iterator[Path]:
    return files((built_in(),))


@pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
def test_the_library_is_well_told(path: Path) -> None:
    """What can be seen without playing the cases of the library leaves nothing to advise."""
    assert not [str(each) for each in check(path, rubric(), solve=False) if each.code in CODES and not each.answer]


CODES = {
    *("no-why", "why-repeats", "critical-without-standard", "missing-phase", "thin-dimension", "hard-to-hear"),
    *("endings-alike", "content-note-missing", "dates-disagree"),
}


def test_every_text_of_a_case_is_looked_at() -> None:
    """Nothing that a trainee reads is left out of what checks on words look at."""
    of = case(
        """
        first:
          text: t1
          says: t2
          voices: [{who: gus, says: t3}]
          consult: t4
          offers: [documents, directory]
          responses: {go: {say: t5, then: t6, next: pick}}
        pick:
          select: {prompt: t7, then: t8, options: {a: {do: t9, then: t10}, b: {do: t11}}}
          next: order
        order:
          rank: {prompt: t12, then: t13, items: {a: t14, b: t15}}
          next: note
        note: {write: {prompt: t16}, next: end}
        """,
        documents="\nletter:\n  title: t17\n  text:\n    - {if: trust >= 5, say: t18}\n    - t19",
        directory="\nentries: {line: {service: t20, contact: t21, last-verified: 2026-01-01}}",
        endings="\nend: {title: t22, text: t23}",
        debrief="t24",
        briefing="t25",
    )
    everything = " ".join(each.say for each in told(of)).replace(".", " ").split()
    assert {f"t{number}" for number in range(1, 26)} <= set(everything)


# -- indicators -------------------------------------------------------------------------------


def test_indicators_are_counted_by_place_and_level() -> None:
    """A response that gives a mark under two conditions is one place; what may be rated is counted apart."""
    of = case(
        """
        first:
          text: A.
          responses:
            go:
              say: Go.
              why: She may go now and comes back on Monday with it.
              marks: [{when: trust >= 5, give: {ethics.privacy: best}}, {give: {ethics.privacy: best}}]
            stay: {say: Stay., marks: {ethics.privacy: poor}, why: Everybody in the front room heard that.}
          next: note
        note: {write: {prompt: Note., rated-on: [organization.records]}, next: end}
        """
    )
    found = {each.indicator: each for each in marked(of, rubric())}
    assert found["ethics.privacy"].levels == (0, 1, 0, 1)
    assert (found["organization.records"].total, found["organization.records"].written) == (0, 1)
    assert not found["ethics.safety"].counts
    assert list(found) == list(rubric().indicators)


def test_a_shared_scene_is_one_place_however_often_it_is_visited() -> None:
    """Visiting the same shared scenes once more does not make a case mark more."""
    path = next(each for each in library() if each.stem == "quiet-on-the-phone")
    of = loaded_from(path)
    second = {f"again{name[name.index('.') :]}": each for name, each in of.scenes.items() if "." in name}
    assert second
    more = replace(of, scenes={**of.scenes, **{name: each for name, each in second.items() if RETURN not in name}})
    assert marked(more, rubric()) == marked(of, rubric())
    assert sum(each.total for each in marked(of, rubric())) > 0


def loaded_from(path: Path) -> Scenario:
    from simulator.loader import load_scenario

    found = load_scenario(path, rubric()).value
    assert found is not None
    return found


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))


@pytest.mark.usefixtures("_elsewhere")
def test_indicators_of_the_library_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every case has a table within eighty columns, and what none of them marks is said last."""
    assert main(["indicators"]) == 0
    out = capsys.readouterr().out
    assert all(len(line) <= 80 for line in out.splitlines())
    for path in library():
        assert f"({path.stem} " in out
    assert out.splitlines()[-1].startswith("Marked in none of these ")


@pytest.mark.usefixtures("_elsewhere")
def test_indicators_are_told_to_tools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON every indicator of the rubric is there, also one that nothing marks; a folder stands for its cases."""
    text = written(
        "first: {text: A., responses: {go: {say: Go., marks: {ethics.safety: best}, why: It was open., next: end}}}"
    )
    (tmp_path / "case.yaml").write_text(f"scenario: my-case\n{text.partition(chr(10))[2]}", encoding="utf-8")
    assert main(["indicators", str(tmp_path), str(tmp_path / "case.yaml"), "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert list(found) == ["scenario", "version", "indicators"]
    rows = {each["indicator"]: each for each in found["indicators"]}
    assert list(rows) == list(rubric().indicators)
    assert list(rows["ethics.safety"]) == ["indicator", "harmful", "poor", "acceptable", "best", "written"]
    assert rows["ethics.safety"]["best"] == 1
    assert not any(value for key, value in rows["rapport.empathy"].items() if key != "indicator")


@pytest.mark.usefixtures("_elsewhere")
def test_a_case_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An id that nothing has, and a folder without a case, are told apart from a case without marks."""
    assert main(["indicators", "nobody"]) == 2
    assert "the library has no case `nobody`" in capsys.readouterr().err
    assert main(["indicators", str(tmp_path)]) == 2
    assert "there is no case in" in capsys.readouterr().err
