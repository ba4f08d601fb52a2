"""A session as a page: what it tells, that it needs and runs nothing, that everybody can read it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.archive import Archive, Logged
from simulator.chain import erase_text
from simulator.explore import Exploration
from simulator.hindsight import NotProven
from simulator.page import page
from simulator.people import People
from simulator.review.writing import Comment
from simulator.settings import Home
from simulator.solution import model_session, solve
from simulator.text import clean
from simulator.wording import ASSERTED, DISCLAIMER
from tests.journals import ANA, caseload, here, posix, text_of
from tests.reports import (
    COMMENTS,
    HOSTILE,
    JUDGEMENT,
    PEOPLE,
    Element,
    played,
    poisoned,
    poisoned_judgement,
    poisoned_people,
    taken_apart,
)

TAGS = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "a", "header", "nav", "main", "section", "footer"),
        *("h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "strong", "bdi"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"),
        *("figure", "figcaption", "svg", "desc", "line", "polygon", "polyline", "text"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("lang", "charset", "http-equiv", "name", "content", "class", "id", "href", "dir", "role", "tabindex"),
        *("aria-label", "aria-labelledby", "aria-hidden", "scope", "colspan"),
        *("viewbox", "points", "x", "x1", "x2", "y", "y1", "y2"),
    )
)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return a session with every kind of decision."""
    return played(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def told(logged: Logged) -> Element:
    """Return its page, taken apart."""
    return taken_apart(page(logged, PEOPLE, COMMENTS))


@pytest.fixture(scope="module")
def solved(logged: Logged) -> Element:
    """Return its page with what the case made possible, taken apart."""
    return taken_apart(page(logged, PEOPLE, COMMENTS, Exploration(logged.scenario, logged.rubric)))


def decision(told: Element, number: int) -> Element:
    return told.one("li", id=f"decision-{number}")


def options(element: Element) -> list[str]:
    (found,) = (each for each in element.all("ul") if each.attributes.get("aria-label") == "What was on offer")
    return [each.words for each in found.all("li")]


def marks(element: Element) -> list[str]:
    return [
        each.words
        for found in element.all("ul")
        if found.attributes.get("aria-label") == "Marks"
        for each in found.all("li")
    ]


# -- what it tells ----------------------------------------------------------------------------


def test_a_page_says_what_it_is_about(logged: Logged, told: Element) -> None:
    """Title, who, when, the version, who wrote and who reviewed the case."""
    assert told.one("h1").text == "A small case"
    facts = dict(zip((each.text for each in told.all("dt")), (each.text for each in told.all("dd")), strict=True))
    assert facts["Session"] == logged.id
    assert facts["Played by"] == f"Ana Silva ({ANA})"
    assert facts["Version"] == "1.0.0"
    assert facts["Feedback"] == "after each response"
    assert facts["Reviewed by"] == "nobody"
    assert f"Played by{ANA} ({ANA})" in "".join(
        each.text for each in taken_apart(page(logged, People({}))).all("dt", "dd")
    )


def test_a_page_puts_the_ending_and_criticals_before_profiles_and_decisions(told: Element) -> None:
    """What a person must look at comes first, then the profiles, then everything that happened."""
    assert [each.words for each in told.all("h2")] == [
        "Ending: The end",
        "What a person must look at",
        "Three profiles",
        "Decision by decision",
        "Not read",
        "Reflection",
        "On the whole",
    ]
    (critical,) = (each for each in told.all("li") if each.attributes.get("class") == "critical")
    assert critical.words == "Critical: broken promise, at decision 7 (NASW 1.07) Nobody may promise that."


def test_a_critical_stands_in_place_of_the_ethics(told: Element) -> None:
    """There are three profiles and no sum of them; where something critical was done, ethics has no number."""
    rows = [[each.words for each in row.all("th", "td")] for row in told.all("table")[0].all("tr")]
    assert rows == [
        ["Dimension", "What was seen"],
        ["rapport", "1 harmful · 0% of what was on offer"],
        ["organization", "2 best, 1 poor · 100% of what was on offer"],
        ["ethics", "critical"],
    ]


def test_every_mark_leads_to_its_decision(told: Element) -> None:
    """Each indicator is listed with its levels, best first, and the decisions they were given at."""
    rows = [[each.words for each in row.all("th", "td")] for row in told.all("table")[1].all("tr")]
    assert ["Referral", "++ best: 5 - poor: 5"] in rows
    assert ["Safety", "- poor: start"] in rows
    assert ["Privacy", "-- harmful: 5"] in rows


def test_marks_from_before_the_first_decision_are_told(told: Element) -> None:
    """Outcomes of junctions that were passed at the very start stand before the first decision."""
    assert told.all("h3")[0].text == "Before the first decision"
    assert "The door stood open." in told.words


def test_what_was_read_and_asked_is_told(told: Element) -> None:
    """A document with what it says, and what the supervisor said."""
    read, asked = decision(told, 1), decision(told, 2)
    assert read.one("h3").words == "Decision 1 · 10:00 · preparation"
    assert "Her file is on your desk." in read.words
    assert "Read: A letter" in read.words
    assert read.one("details").words == "What it says We are sorry to say no."
    assert "Asked the supervisor Ask her what she needs." in asked.words


def test_what_was_said_chosen_and_not_taken_is_told(told: Element) -> None:
    """Everybody's words, every response with whether it was taken, how sure, the reaction, the marks and why."""
    found = decision(told, 4)
    assert [each.text for each in found.all("p")][:2] == ["The room is small.", "Nobody sits."]
    assert "Ms. Adeyemi: Good morning." in found.words
    assert "Gus Brandt: She has not slept." in found.words
    assert sorted(options(found)) == [
        "Chosen: “I will get you the money.”",
        "Not taken: Wait until she speaks.",
        "Not taken: “Here is how it was decided.”",
    ]
    assert "4 of 4" in found.words
    assert "She looks up." in found.words
    assert marks(found) == ["-- harmful: Limits (rapport) - poor: Fairness (ethics) It is not yours to give."]


def test_what_was_picked_and_left_out_is_told(told: Element) -> None:
    """Each option with whether it was picked, and its own marks under its own words."""
    found = decision(told, 5)
    assert "Whom do you call?" in found.words
    assert sorted(options(found)) == ["Left out: The clinic.", "Picked: The landlord.", "Picked: The newspaper."]
    assert marks(found) == [
        "The landlord. ++ best: Referral (organization) The rent is due.",
        "The newspaper. -- harmful: Privacy (ethics) It is her story.",
        "The clinic. - poor: Referral (organization) Her knee was swollen.",
    ]
    assert "You hang up." in found.words
    assert "2 of 4" in found.words


def test_an_order_is_a_numbered_list(told: Element) -> None:
    """What was put in order is told first to last."""
    found = decision(told, 6)
    assert "What comes first?" in found.words
    assert [each.text for each in found.one("ol").all("li")] == ["Write the note.", "Call her sister.", "Make tea."]
    assert marks(found) == ["++ best: Priorities (organization) Words fade."]


def test_what_was_written_stands_beside_an_example(told: Element) -> None:
    """The note with its lines as they were typed, and one good way to write it."""
    found = decision(told, 7)
    texts = [each.text for each in found.all("p") if each.attributes.get("class") == "text"]
    assert texts == ["She asked.\n- I promised.", "10:07 met R.A.\nNext: a call."]
    assert "For comparison: one good way to write it" in found.words
    assert "Critical: broken promise" in found.words


def test_comments_stand_at_the_decision_they_are_about(logged: Logged, told: Element) -> None:
    """So does who said it, and that it is not signed off; what is about a decision that is not there is kept."""
    assert "Ines Calloway: Why this one?" in decision(told, 3).words
    assert told.words.count("Why this one?") == 1
    whole = "Ines Calloway, not signed off: Let us talk. Bring the letter."
    assert whole in told.one("section", **{"aria-labelledby": "whole"}).words
    late = [Comment("p-sup", 99, "Gone?", "2026-03-04T12:00:00.000Z", signed=True)]
    assert "Gone?" in taken_apart(page(logged, PEOPLE, iter(late))).one("section", **{"aria-labelledby": "whole"}).words


def test_what_was_not_read_and_what_was_reflected_is_told(told: Element) -> None:
    """Documents that nobody opened, and what the trainee thought afterwards."""
    assert told.one("section", **{"aria-labelledby": "unread"}).words == "Not read The lease Referral directory"
    assert told.one("section", **{"aria-labelledby": "reflections"}).words == "Reflection Never again."


def test_a_page_ends_with_whose_judgement_it_is(told: Element) -> None:
    """Marks are the author's judgement, and nobody checked who played."""
    assert told.one("footer").words == f"{DISCLAIMER} Case by an unnamed author; reviewed by nobody. {ASSERTED}"


def test_a_page_of_what_is_unfinished_says_so(tmp_path: Path) -> None:
    """A session can be looked at before it is over; so can the directory as it was opened."""
    found = taken_apart(page(played(tmp_path, unfinished=True), PEOPLE))
    assert found.all("h2")[0].text == "Unfinished"
    assert "Food pantry For: Anybody 555-0100 Last verified: 2026-01-02" in decision(found, 1).words
    assert len([each for each in found.all("li") if each.attributes.get("class") == "decision"]) == 3


def test_trouble_and_erased_texts_are_told(tmp_path: Path) -> None:
    """Who reads a page knows what of the journal is not there, and why."""
    path = played(tmp_path).recorded.path
    erase_text(path)
    again = Archive(Home(tmp_path)).load(path)
    found = taken_apart(page(replace(again, trouble="Entry 9 is wrong."), PEOPLE))
    assert "(erased)" in decision(found, 7).words
    assert "TROUBLEEntry 9 is wrong. What follows is what came before that." in found.words.replace(
        "TROUBLE ", "TROUBLE"
    )
    assert "The text of entry 7 was erased." in found.words
    empty = taken_apart(page(played(tmp_path / "empty", note=""), PEOPLE))
    assert "What was written (nothing)" in decision(empty, 7).words


# -- what the case made possible --------------------------------------------------------------


def test_results_stand_beside_what_was_seen(solved: Element) -> None:
    """In percent of what the case made possible, and critical in place of a number."""
    rows = [[each.words for each in row.all("th", "td")] for row in solved.all("table")[0].all("tr")]
    assert rows == [
        ["Dimension", "Result", "What was seen"],
        ["rapport", "0", "1 harmful · 0% of what was on offer"],
        ["organization", "100", "2 best, 1 poor · 100% of what was on offer"],
        ["ethics", "critical", "critical"],
    ]
    assert "0 is the worst and 100 the best that this case makes possible" in solved.words


def test_each_decision_says_what_it_cost(solved: Element) -> None:
    """Its label in words, on which dimension it lost how much, and what would have kept the best."""
    found = decision(solved, 4)
    assert "serious: no way round a critical after this, cost rapport 6" in found.words
    assert "Would have kept it “Here is how it was decided.”" in found.words
    assert "kept" in decision(solved, 6).words.split()
    assert "Would have kept it" not in decision(solved, 6).words
    assert "mistake: cost ethics 3" in decision(solved, 5).words
    assert [each.words for each in decision(solved, 5).all("ul")[-1].all("li")] == [
        "Picked: The landlord.",
        "Picked: The landlord; The clinic.",
    ]


def test_graphs_close_in_on_the_result_and_say_so_in_words(solved: Element) -> None:
    """One a dimension, with a title, a description, and named axes; the same stands in a table."""
    figures = solved.all("figure")
    assert [each.one("figcaption").text for each in figures] == ["rapport: 0", "organization: 100", "ethics: critical"]
    for figure in figures:
        svg = figure.one("svg")
        named = [svg.one("title").attributes["id"], svg.one("desc").attributes["id"]]
        assert svg.attributes["aria-labelledby"].split() == named
        assert svg.attributes["role"] == "img"
        assert [each.text for each in svg.all("text")][:13] == [
            *("0", "50", "100"),
            *("start", "1", "2", "3", "4", "5", "6", "7"),
            "decisions",
            figure.one("figcaption").text.split(": ")[1],
        ]
        lines = [each.attributes["points"].replace(",", " ") for each in svg.all("polyline")]
        upper, lower = ([int(place) for place in line.split()] for line in lines)
        assert upper[0::2] == lower[0::2]
        # Upwards is less: the best never rises, the worst never falls, and they never cross.
        assert upper[1::2] == sorted(upper[1::2])
        assert lower[1::2] == sorted(lower[1::2], reverse=True)
        assert upper[-1] <= lower[-1]
    assert "After decision 4 the best still reachable fell from 100 to 0. Result: 0 of 100." in figures[0].words
    rows = [[each.words for each in row.all("th", "td")] for row in solved.all("table")[2].all("tr")]
    assert rows[0] == ["After", "rapport", "organization", "ethics"]
    assert rows[1] == ["start", "0 to 100", "0 to 100", "0 to 100"]
    assert rows[6] == ["5", "0", "50 to 100", "0"]
    assert rows[8] == ["7", "0", "100", "critical"]


def test_a_page_with_graphs_fetches_nothing_and_runs_nothing_either(solved: Element) -> None:
    """No element, attribute or link is there that other pages have not; headings and tables are in order."""
    assert {each.tag for each in solved.all()} <= TAGS
    assert {name for each in solved.all() for name in each.attributes} <= ATTRIBUTES
    ids = [each.attributes["id"] for each in solved.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert all(each.attributes["href"][1:] in ids for each in solved.all("a"))
    assert all(each.all()[0].tag == "caption" for each in solved.all("table"))
    assert "style" not in {name for each in solved.all() for name in each.attributes}


def test_what_would_have_kept_the_best_is_shown_as_text(logged: Logged) -> None:
    """Whatever an author wrote."""
    poison = "<script>alert(1)</script>"
    hostile = poisoned(logged, poison)
    outlooks = Exploration(hostile.scenario, hostile.rubric)
    found = taken_apart(page(hostile, PEOPLE, (), outlooks))
    assert {each.tag for each in found.all()} <= TAGS
    assert f"Would have kept it “{poison}Here is how it was decided.”" in decision(found, 4).words


def test_a_page_says_what_is_not_proven(logged: Logged) -> None:
    """Raw evidence without a number, and no label."""
    found = taken_apart(page(logged, PEOPLE, COMMENTS, NotProven("It has more than 2,000,000 states.")))
    assert "not proven. It has more than 2,000,000 states." in found.words
    assert not found.all("figure")
    assert "Result" not in found.all("table")[0].words
    assert not [each for each in found.all("p") if each.attributes.get("class") == "cost"]


@pytest.fixture(scope="module")
def balanced(logged: Logged) -> Element:
    """Return its page with one balanced way through, taken apart."""
    solution, outlooks = solve(logged.scenario, logged.rubric)
    return taken_apart(page(logged, PEOPLE, COMMENTS, outlooks, model_session(solution)))


def the_way(told: Element) -> Element:
    (found,) = (each for each in told.all("details") if each.attributes.get("class") == "model")
    return found


def test_one_balanced_way_through_stands_there_closed(balanced: Element) -> None:
    """Decision by decision, with what is picked and in which order; then its ending, its results, what it is."""
    way = the_way(balanced)
    assert "open" not in way.attributes
    assert way.one("summary").text == "One balanced way through"
    steps = [each.words for each in way.all("li") if each.attributes.get("class") == "decision"]
    assert [step.split(" ")[0] for step in steps] == ["1", "2", "3", "4", "5"]
    assert "She has not slept. “Here is how it was decided.”" in steps[1]
    assert "Whom do you call? Pick: - The landlord. You hang up." in steps[2]
    assert "The landlord. ++ best: Referral (organization) The rent is due." in steps[2]
    assert "In this order: 1. Write the note. 2. Make tea. 3. Call her sister." in steps[3]
    assert "One good way to write it: 10:07 met R.A." in steps[4]
    assert "Ending: The end" in way.words
    results = [[each.words for each in row.all("th", "td")] for row in way.one("table").all("tr")]
    assert results[1:] == [["rapport", "100"], ["organization", "100"], ["ethics", "100"]]
    assert "This is one balanced way: of all the ways to an ending" in way.words


def test_a_balanced_way_adds_nothing_that_runs_or_is_fetched(balanced: Element, solved: Element) -> None:
    """No element or attribute that other pages have not; all else on the page stays as it is without it."""
    assert {each.tag for each in balanced.all()} <= TAGS
    assert {name for each in balanced.all() for name in each.attributes} <= ATTRIBUTES
    ids = [each.attributes["id"] for each in balanced.all() if "id" in each.attributes]
    assert ids == [each.attributes["id"] for each in solved.all() if "id" in each.attributes]
    assert balanced.words.replace(the_way(balanced).words, "").split() == solved.words.split()


def test_a_balanced_way_is_shown_as_text(logged: Logged) -> None:
    """Whatever an author wrote."""
    poison = "<script>alert(1)</script>"
    hostile = poisoned(logged, poison)
    solution, outlooks = solve(hostile.scenario, hostile.rubric)
    found = taken_apart(page(hostile, PEOPLE, (), outlooks, model_session(solution)))
    assert {each.tag for each in found.all()} <= TAGS
    assert the_way(found).words.count(poison) > 10


def test_no_way_is_shown_before_one_has_been_found(tmp_path: Path, solved: Element) -> None:
    """Neither for a session that goes on, nor where none is known."""
    unfinished = played(tmp_path, unfinished=True)
    solution, outlooks = solve(unfinished.scenario, unfinished.rubric)
    found = taken_apart(page(unfinished, PEOPLE, (), outlooks, model_session(solution)))
    for told in (found, solved):
        assert "One balanced way" not in told.words


def test_a_session_that_goes_on_shows_what_it_can_still_come_to(tmp_path: Path) -> None:
    """Both lines are named where they end."""
    unfinished = played(tmp_path, unfinished=True)
    found = taken_apart(page(unfinished, PEOPLE, (), Exploration(unfinished.scenario, unfinished.rubric)))
    assert found.all("figcaption")[0].text == "rapport: 0 to 100 still reachable"
    assert [each.text for each in found.all("svg")[0].all("text")][-2:] == ["best", "worst"]


# -- that it needs and runs nothing -----------------------------------------------------------


def test_a_page_fetches_nothing_and_runs_nothing(logged: Logged, told: Element) -> None:
    """There is no element that could, no attribute that could, and every link stays on the page."""
    everything = told.all()
    assert {each.tag for each in everything} <= TAGS
    assert {name for each in everything for name in each.attributes} <= ATTRIBUTES
    ids = [each.attributes["id"] for each in everything if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    links = [each.attributes["href"] for each in everything if "href" in each.attributes]
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert "url(" not in told.one("style").text
    assert "@import" not in told.one("style").text


def test_a_page_forbids_whatever_is_not_its_own_style(told: Element) -> None:
    """The policy names the one style element by its hash, and allows nothing else."""
    style = told.one("style").text
    own = b64encode(sha256(style.encode()).digest()).decode()
    policy = told.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    assert policy == f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"
    head = told.one("head")
    assert head.all("meta")[0].attributes == {"charset": "utf-8"}
    assert [each.tag for each in head.all()].index("style") > 1


@pytest.mark.parametrize("poison", HOSTILE)
def test_everything_from_outside_is_shown_as_text(logged: Logged, poison: str) -> None:
    """Whatever stands in a case, a rubric, a note, a comment or a name, the page has the elements it had before."""
    hostile = page(poisoned(logged, poison), poisoned_people(poison), poisoned_judgement(poison))
    found = taken_apart(hostile)
    assert {each.tag for each in found.all()} <= TAGS
    assert {name for each in found.all() for name in each.attributes} <= ATTRIBUTES
    plain = taken_apart(page(replace(logged, trouble="Entry 9 is wrong."), PEOPLE, JUDGEMENT))
    shape = [(each.tag, each.attributes) for each in found.all() if each.tag != "p"]
    assert shape == [(each.tag, each.attributes) for each in plain.all() if each.tag != "p"]
    seen = " ".join(clean(poison).split())
    assert found.words.count(seen) >= 40
    assert found.one("h1").words.startswith(seen)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", hostile)
    hostile.encode()


def test_what_supervisors_make_of_marks_stands_beside_them(logged: Logged) -> None:
    """An override names both levels, a rating its indicator; the supervisor's result stands below the original."""
    found = taken_apart(page(logged, PEOPLE, JUDGEMENT))
    promised = decision(found, 4).words
    assert "-- harmful overridden: - poor" in promised
    assert "She put it right." in promised
    assert "Ines Calloway : Records (organization)" in decision(found, 7).words.replace("Calloway:", "Calloway :")
    assert "Reviewed by Ines Calloway" in found.words
    whole = found.words[found.words.rindex("On the whole") :]
    assert "Sent back by Ines Calloway, 2026-03-04" in whole
    assert "To practise: small-case" in whole
    assert "rapport on the whole" in found.words


# -- that everybody can read it ---------------------------------------------------------------


def test_headings_lead_through_the_page(told: Element) -> None:
    """One first heading, no level left out, and every section named by its heading."""
    levels = [int(each.tag[1]) for each in told.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for section in told.all("section"):
        named = section.attributes["aria-labelledby"]
        assert section.one("h2").attributes["id"] == named


def test_landmarks_language_and_a_way_past_the_head(told: Element) -> None:
    """Header, navigation, main and footer once each; a language; a first link that leads to the content."""
    assert told.one("html").attributes["lang"] == "en"
    for landmark in ("header", "nav", "main", "footer"):
        assert told.one(landmark)
    first = told.all("a")[0]
    assert first.attributes["href"] == f"#{told.one('main').attributes['id']}"
    assert "initial-scale=1" in told.one("meta", name="viewport").attributes["content"]


def test_tables_say_what_they_are(told: Element) -> None:
    """Every table has a caption, every heading of one its scope."""
    tables = told.all("table")
    assert len(tables) == 2
    for table in tables:
        assert table.all()[0].tag == "caption"
        assert all(each.attributes["scope"] in ("col", "row", "rowgroup") for each in table.all("th"))


def test_nothing_is_said_by_colour_alone(told: Element) -> None:
    """What is coloured also says it in words: levels, what was taken, criticals."""
    for each in told.all("span"):
        kind = each.attributes.get("class", "")
        if kind.startswith("level "):
            assert each.words.endswith(kind.split()[1])
    for each in told.all("li"):
        if each.attributes.get("class") == "taken":
            assert each.words.startswith(("Chosen: ", "Picked: "))


def _colours() -> Iterator[dict[str, str]]:
    style = resources.files("simulator").joinpath("page.css").read_text("utf-8")
    light, dark = style.split("@media screen and (prefers-color-scheme: dark)")
    for part in (light, dark.split("}")[0]):
        yield dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", _colours(), ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "alarm"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "best", "acceptable", "poor", "harmful"])
def test_every_ink_can_be_read_on_every_ground(colours: dict[str, str], ink: str, ground: str) -> None:
    """Contrast is at least 4.5 to 1, in the light and in the dark (WCAG 2.2, 1.4.3)."""
    dark, light = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_paper_is_white_and_decisions_stay_whole_on_it() -> None:
    """Dark colours are for screens alone; no decision is torn apart; the paper's size is left to the printer."""
    style = resources.files("simulator").joinpath("page.css").read_text("utf-8")
    assert style.count("prefers-color-scheme") == style.count("screen and (prefers-color-scheme") == 1
    printed = style.split("@media print")[1]
    assert re.search(r"\.decision, [^{]*\{ break-inside: avoid; \}", printed)
    assert "size:" not in printed.replace("font-size:", "")


# -- the command ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with one session in it."""
    folder = tmp_path_factory.mktemp("home")
    played(folder)
    return folder


@pytest.fixture(scope="module")
def session(home: Path) -> str:
    """Return the id of that session."""
    return next(path.stem for path in (home / "journals").glob("*.jsonl") if "texts" not in path.name)


def test_a_page_to_the_screen(home: Path, session: str) -> None:
    """`--format html` prints a page, in UTF-8 whatever the terminal's encoding."""
    result = caseload(home, "report", session, "--format", "html", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (result.returncode, result.stderr) == (0, b"")
    assert taken_apart(result.stdout.decode("utf-8")).one("h1")
    assert "“I will get you the money.”" in result.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("r.html", "<!doctype html>"), ("r.HTM", "<!doctype"), ("r.csv", '\ufeff"session"'), ("r.jsonl", '{"kind"')],
)
def test_a_files_name_says_what_it_becomes(home: Path, session: str, tmp_path: Path, name: str, begins: str) -> None:
    """Without `--format`, the ending of the file's name decides; anything else is text."""
    code, out, error = text_of(here(home, "report", session, "--output", tmp_path / name))
    assert (code, out, error) == (0, "", f"Written to {tmp_path / name}.\n")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_text_goes_to_a_file_as_well(home: Path, session: str, tmp_path: Path) -> None:
    """What is printed and what is written are the same."""
    here(home, "report", session, "--output", tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_bytes().decode() == text_of(here(home, "report", session))[1]
    assert text_of(here(home, "report", session, "--output", "-"))[1] == text_of(here(home, "report", session))[1]


def test_a_file_that_is_there_is_kept(home: Path, session: str, tmp_path: Path) -> None:
    """Nothing is written over unless that was asked for; then all of it is."""
    target = tmp_path / "r.html"
    target.write_text("mine")
    code, out, error = text_of(here(home, "report", session, "--output", target))
    assert (code, out) == (2, "")
    assert error == f"caseload: {target} is there already; with --force it is written over\n"
    assert target.read_text() == "mine"
    assert text_of(here(home, "report", session, "--output", target, "--force"))[0] == 0
    assert target.read_bytes().startswith(b"<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_what_is_no_file_of_ones_own_is_never_written_over(home: Path, session: str, tmp_path: Path) -> None:
    """Not a folder, not a journal, not what is not there: a sentence, and everything as before."""
    mine = home / "journals" / f"{session}.jsonl"
    before = mine.read_bytes()
    for target in (tmp_path, mine, tmp_path / "none" / "r.csv"):
        code, out, error = text_of(here(home, "report", session, "--output", target, "--force"))
        assert (code, out) == (2, "")
        assert error.startswith("caseload: ")
        assert error.count("\n") == 1
    assert mine.read_bytes() == before


@posix
def test_links_and_devices_are_never_written_over(home: Path, session: str, tmp_path: Path) -> None:
    """A link leads to somebody's file, and a device is none."""
    (tmp_path / "other").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    for target in (tmp_path / "link", Path("/dev/null")):
        assert text_of(here(home, "report", session, "--output", target, "--force"))[0] == 2
    assert (tmp_path / "other").read_text() == "mine"


@posix
def test_a_report_is_for_its_owner(home: Path, session: str, tmp_path: Path) -> None:
    """There are names in it, so nobody else can read the file until its owner lets them."""
    here(home, "report", session, "--output", tmp_path / "r.html")
    assert (tmp_path / "r.html").stat().st_mode & 0o777 == 0o600
