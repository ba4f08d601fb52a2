"""What a cohort shows, against journals counted one by one: nobody is missed, nothing is concluded from few."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scoring.rubric import Level
from simulator import people
from simulator.archive import Archive, Logged
from simulator.cohort.cohort_file import Assignment, Cohort
from simulator.cohort_sheets import SHEETS, Viewpoint, all_sheets
from simulator.index.store import Index
from simulator.people import People
from simulator.play import Play
from simulator.progress import in_order
from simulator.review.writing import Reviewing
from simulator.settings import Home
from simulator.sheet import Cell, Sheet, sheet_csv, sheet_json, sheet_text
from tests.cases import rubric
from tests.indexes import agency, filled
from tests.journals import begin, case_in, rubric_source

SMALL, SEVERAL = "small-case", "golden-several"
TODAY = date(2027, 1, 1)


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def index(where: Home) -> Iterator[Index]:
    with Index.open(where) as opened:
        yield opened


@pytest.fixture
def at(where: Home, index: Index) -> Viewpoint:
    """Look at everybody of a small agency, with no number too few."""
    made = agency(where, sessions=80, damaged=19)
    made.play()
    filled(index, solve=True)
    library = {case.scenario.id: case.scenario for case in made.cases}
    return Viewpoint(index, People({}), library, made.rubric, TODAY, few=1)


def attempts(where: Home) -> dict[tuple[str, str], list[Logged]]:
    """Return every attempt that counts, by person and case, in its order: from the journals alone."""
    archive = Archive(where)
    kept: dict[tuple[str, str], list[Logged]] = {}
    for row in archive.sessions():
        if isinstance(row, Logged):
            kept.setdefault((row.person, row.scenario.id), []).append(row)
    return {pair: found for pair, rows in kept.items() if (found := in_order(rows))}


def firsts(where: Home) -> list[Logged]:
    return [found[0] for found in attempts(where).values()]


def made(at: Viewpoint, name: str, **changes: object) -> Sheet:
    """Make a sheet, perhaps from elsewhere."""
    return SHEETS[name](replace(at, **changes))  # type: ignore[arg-type]


def row_of(sheet: Sheet, first: str) -> dict[str, Cell]:
    """Return the row whose first cell says so, by its columns' keys."""
    (row,) = (row for row in sheet.rows if row[0].text == first)
    return {column.key: cell for column, cell in zip(sheet.columns, row, strict=True)}


def every_cell(sheets: list[Sheet]) -> Iterator[Cell]:
    for sheet in sheets:
        for row in sheet.rows:
            yield from row


# -- what they hold -------------------------------------------------------------------------------


def test_completion_says_who_finished_what(where: Home, at: Viewpoint) -> None:
    """Every person and case that was finished, with the number of the last attempt, linked unless it is practice."""
    found = attempts(where)
    sheet = made(at, "completion")
    assert {row[0].text for row in sheet.rows} >= {person for person, _ in found}
    for (person, scenario), rows in found.items():
        cell, last = row_of(sheet, person)[scenario], rows[-1]
        assert cell.text.startswith("finished, ")
        assert (f", attempt {len(rows)}" in cell.text) == (len(rows) > 1)
        assert ("practice" in cell.text) == (last.purpose == "practice")
        assert cell.session == ("" if last.purpose == "practice" else last.id)
        assert (cell.tone == "critical") == bool(last.scorecard.criticals)
    only = made(at, "completion", scenario=SMALL)
    assert [column.key for column in only.columns] == ["person", SMALL]


def test_completion_says_what_is_assigned_and_late(where: Home, at: Viewpoint) -> None:
    """What is assigned stands first with its day; who has not finished is late, and whoever never played is there."""
    whom = ("p-00000", "p-00001", "p-never")
    assigned = (Assignment(SEVERAL, date(2026, 6, 1), whom), Assignment(SMALL, date(2028, 1, 1), whom[1:]))
    sheet = made(at, "completion", cohorts=(Cohort("spring", "Spring", whom, assigned),))
    assert [column.key for column in sheet.columns] == ["person", SEVERAL, SMALL]
    assert sheet.columns[1].title.endswith(", due 2026-06-01")
    assert [row[0].text for row in sheet.rows] == sorted(whom)
    assert row_of(sheet, "p-never")[SEVERAL].text == "overdue, not begun"
    assert row_of(sheet, "p-never")[SMALL].text == "not begun"
    counts = [
        any(row.purpose == "assigned" for row in attempts(where).get(pair, ()))
        for pair in [(person, SEVERAL) for person in whom] + [(person, SMALL) for person in whom[1:]]
    ]
    assert sheet.notes[0].startswith(f"{sum(counts)} of 5 assignments finished, ")


def test_an_assigned_attempt_is_linked_though_practice_came_after(where: Home, at: Viewpoint) -> None:
    """What was practised since is told as practice; the session that can be opened is the assigned one."""
    case = case_in(where.root / "cases")

    def play(purpose: str) -> str:
        begun = Play.begin(where, case, rubric(), rubric_source(), "p-new", seed=1, feedback="end", purpose=purpose)
        begun.choose("invite")
        begun.choose("promise")
        begun.write("A note.")
        begun.close()
        return begun.path.stem

    wanted, _ = play("assigned"), play("practice")
    filled(at.index, solve=True)
    spring = Cohort("spring", "Spring", ("p-new",), (Assignment(SMALL, date(2028, 1, 1), ("p-new",)),))
    cell = row_of(made(at, "completion", cohorts=(spring,)), "p-new")[SMALL]
    assert cell.session == wanted
    assert ", practice, attempt 2" in cell.text


def test_growth_counts_attempts_by_their_number(where: Home, at: Viewpoint) -> None:
    """So many first attempts, so many second ones; of one person each attempt by itself."""
    found = attempts(where)
    numbers = Counter(number for rows in found.values() for number, _ in enumerate(rows, 1))
    sheet = made(at, "growth")
    assert {row[0].text: row[1].text for row in sheet.rows} == {str(each): str(n) for each, n in numbers.items()}
    person, scenario = max(found, key=lambda pair: len(found[pair]))
    steps = made(at, "growth", person=person, scenario=scenario)
    assert [row[2].text for row in steps.rows] == [str(each) for each in range(1, len(found[person, scenario]) + 1)]
    linked = [row[1].session for row in steps.rows]
    assert linked == ["" if row.purpose == "practice" else row.id for row in found[person, scenario]]


def test_indicators_count_marks_of_first_attempts(where: Home, at: Viewpoint) -> None:
    """Low marks of all marks, person by person; of one person every level of every indicator."""
    marks: dict[tuple[str, str], Counter[str]] = {}
    for row in firsts(where):
        for moment in row.session.trail:
            for award in moment.awards:
                for mark in award.marks:
                    marks.setdefault((row.person, mark.indicator), Counter())[mark.level.value] += 1
    sheet = made(at, "indicators")
    told = {
        (row[0].text, column.key): cell.text
        for row in sheet.rows
        for column, cell in zip(sheet.columns[1:], row[1:], strict=True)
        if cell.text
    }
    assert told == {
        pair: f"{n['harmful'] + n['poor']}/{sum(n.values())}{'!' if n['harmful'] else ''}" for pair, n in marks.items()
    }
    (person, indicator), n = next(iter(marks.items()))
    own = made(at, "indicators", person=person)
    (levels,) = (each for each in own.rows if each[0].text.endswith(f"({indicator})"))
    assert [cell.text for cell in levels[1:5]] == [
        str(n[level] or "") for level in ("harmful", "poor", "acceptable", "best")
    ]


def test_criticals_are_listed_where_they_were_raised(where: Home, at: Viewpoint) -> None:
    """Each with its session, practice only counted."""
    raised = {
        row.id: row.purpose
        for row in Archive(where).sessions()
        if isinstance(row, Logged) and row.scorecard.criticals and not row.trouble
    }
    sheet = made(at, "criticals")
    linked = {cell.session for row in sheet.rows for cell in row if cell.session}
    assert linked >= {session for session, purpose in raised.items() if purpose != "practice"}
    assert not linked & {session for session, purpose in raised.items() if purpose == "practice"}
    counted = sum(1 for row in firsts(where) if row.scorecard.criticals and row.scenario.id == SMALL)
    assert any(f": {counted} in first attempts" in note for note in sheet.notes)


def test_confidence_sets_decisions_against_their_marks(where: Home, at: Viewpoint) -> None:
    """So many decisions of first attempts at each word on how sure, over everybody or over one person."""
    for person in ("", "p-00001"):
        sure: Counter[int] = Counter()
        for row in firsts(where):
            if person in ("", row.person):
                for event in row.session.events:
                    sure[getattr(event, "confidence", 0)] += 1
        sheet = made(at, "confidence", person=person)
        told = [int(row[1].text) for row in sheet.rows]
        assert told == [sure[each] for each in (4, 3, 2, 1) if sure[each]]
        for cells in sheet.rows:
            assert sum(int(cell.text or 0) for cell in cells[2:-1]) == int(cells[1].text)


def test_responses_are_counted_in_first_attempts(where: Home, at: Viewpoint) -> None:
    """Who chose what in a case, those that nobody took with zero; nothing that is asked of few is a share."""
    taken: Counter[str] = Counter()
    for row in firsts(where):
        if row.scenario.id == SMALL:
            taken.update(event.response for event in row.session.events if hasattr(event, "response"))
    sheet = made(at, "responses", scenario=SMALL)
    known = {r.text: r.id for scene in at.library[SMALL].scenes.values() for r in scene.responses.values()}
    told = {known[row[2].text]: int(row[3].text) for row in sheet.rows if row[2].text in known}
    assert told == {response: taken[response] for response in told}
    assert set(taken) <= set(told)
    assert all(row[4].text.endswith("%") for row in sheet.rows if int(row[3].text))


def test_overrides_are_told_out_of_how_many_reviews(where: Home, index: Index) -> None:
    """Of eight reviews that were signed off, six override the same mark: "6 of 8"."""
    case = case_in(where.root / "cases")
    archive = Archive(where)
    for number in range(8):
        play = begin(where, case, person=f"p-{number}")
        play.choose("invite")
        play.choose("promise")
        play.write("A note.")
        play.close()
        logged = archive.load(play.path)
        with Reviewing.open(where, logged, "p-feona") as reviewing:
            if number < 6:
                now = None if number < 2 else Level.POOR
                reviewing.override(2, "rapport.limits", now, "She put it right.")
            reviewing.sign_off(logged.recorded.reading.head)
    filled(index)
    at = Viewpoint(index, People({}), {SMALL: case.scenario}, rubric(), TODAY, few=30)
    (row,) = made(at, "overrides").rows
    assert [cell.text for cell in row][-3:] == ["harmful", "poor (4), no mark (2)", "6 of 8"]


def test_what_nobody_picked_and_nobody_practised(where: Home, at: Viewpoint) -> None:
    """Responses that were on offer and never taken, and indicators that no finished attempt was marked on."""
    everything = [row for rows in attempts(where).values() for row in rows]
    taken = {
        (row.scenario.id, event.scene, event.response)
        for row in everything
        for event in row.session.events
        if hasattr(event, "response")
    }
    for case, scene, response, _ in made(at, "never").rows:
        found = at.library[case.scenario].scenes[scene.text].responses
        assert not any(
            (case.scenario, scene.text, each.id) in taken for each in found.values() if each.text == response.text
        )
    marked: dict[str, set[str]] = {}
    for row in everything:
        marked.setdefault(row.person, set()).update(
            mark.indicator for moment in row.session.trail for award in moment.awards for mark in award.marks
        )
    for person, count, names in made(at, "unpractised").rows:
        missing = [name for name in at.rubric.indicators if name not in marked.get(person.text, ())]
        assert (count.text, names.text) == (str(len(missing)), ", ".join(missing))


# -- what may not be concluded --------------------------------------------------------------------


def test_nothing_statistical_is_said_of_few(at: Viewpoint) -> None:
    """Under the number of first attempts that the settings name there is no mean, no share, no percentage."""
    few = replace(at, few=10_000)
    sheets = [*all_sheets(few), made(few, "responses", scenario=SMALL), made(few, "confidence", scenario=SMALL)]
    assert not any("%" in cell.text for cell in every_cell(sheets))
    assert [cell.text for row in made(few, "growth").rows for cell in row[3:]] == ["too few"] * 3 * len(
        made(few, "growth").rows
    )
    assert {row[3].text for row in made(few, "responses").rows} == {"too few"}
    enough = [*all_sheets(at), made(at, "responses", scenario=SMALL)]
    assert any("%" in cell.text for cell in every_cell(enough))


def test_practice_is_counted_and_never_opened(where: Home, at: Viewpoint) -> None:
    """No cell of any sheet, of everybody or of one person, leads to a practice attempt."""
    practice = {row.id for row in Archive(where).sessions() if isinstance(row, Logged) and row.purpose == "practice"}
    assert practice
    sheets = list(all_sheets(at))
    for person in {row.person for rows in attempts(where).values() for row in rows}:
        sheets += all_sheets(replace(at, person=person))
    linked = {cell.session for cell in every_cell(sheets) if cell.session}
    assert linked
    assert not linked & practice


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_says_what_it_leaves_out_of_what_was_picked(at: Viewpoint, name: str) -> None:
    """Whoever picks a person or a case and gets more than that is told so."""
    everybody = "Of everybody who ever played, and not only of whom you picked."
    every_case = "Of every case, and not only of the one you picked."
    spring = Cohort("spring", "Spring", ("p-00001",), ())
    group = made(at, name, cohorts=(spring,))
    assert (everybody in group.notes) == (name in ("growth", "responses"))
    picked = made(at, name, scenario=SMALL)
    assert (every_case in picked.notes) == (name in ("indicators", "unpractised"))
    if name not in ("indicators", "unpractised", "confidence"):
        others = {cell.scenario for row in picked.rows for cell in row if cell.scenario}
        assert others <= {SMALL}


# -- names, and nothing at all --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "[/oops] [b]x[/b]", "<script>x</script>", "Ana\x1b[2J\u202eSilva"])
def test_names_from_outside_are_told_as_they_are(where: Home, at: Viewpoint, name: str) -> None:
    """A name is text: in a spreadsheet no formula, nowhere a control character, and the person is still found."""
    where.people.write_text(f"p-00001:\n  name: {json.dumps(name)}\n", encoding="utf-8")
    named = replace(at, names=people.load(where.people))
    for sheet in all_sheets(named):
        text = sheet_text(sheet)
        assert not any(ord(each) < 32 and each != "\n" for each in text + sheet_csv(sheet).replace("\r\n", "\n"))
        assert "\u202e" not in text
        assert not any(line.startswith(('"=', '"+', '"@')) for line in sheet_csv(sheet).splitlines())
        sheet_json(sheet)
    assert any(cell.person == "p-00001" for cell in every_cell([made(named, "completion")]))


def test_where_nobody_played_every_sheet_says_so(index: Index) -> None:
    """No row, no number, one sentence."""
    at = Viewpoint(index, People({}), {}, rubric(), TODAY, few=30)
    for sheet in [*all_sheets(at), *all_sheets(replace(at, person="p-00001", scenario=SMALL))]:
        assert sheet.nothing
        assert not any(cell.session for row in sheet.rows for cell in row)
    assert [sheet.rows for sheet in all_sheets(at)] == [()] * len(SHEETS)
