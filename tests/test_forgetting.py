"""Erasing somebody: nothing of them is left where Caseload keeps things, others keep theirs, and chains hold."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring.rubric import Level
from simulator import chain, journal, people
from simulator.archive import Archive, Logged
from simulator.chain import Chain
from simulator.erasure import forgetting
from simulator.erasure.forgetting import NotForgotten, forget, survey
from simulator.library import Case
from simulator.people import People
from simulator.play import Play
from simulator.review.writing import Reviewing, reviews_of
from simulator.settings import Home, Settings, remember, remembered
from simulator.sharing import tombstones
from simulator.sharing.collected import collect
from simulator.sharing.handing_in import hand_in
from simulator.text import clean, one_line
from simulator.verify import verify
from tests.cases import TRIALS, rubric
from tests.failing import ERRORS
from tests.journals import bodies_of, case_in, failing, forged, here, posix, rubric_source, text_of
from tests.test_again import TWICE

KIM, LEE, ANA, DEE, FEONA = (f"p-0000000{number}" for number in range(1, 6))
NAMES = {KIM: "Kim Zoë Novak", LEE: "Lee Moss", ANA: "Ana Ruiz", DEE: "Dee Diaz", FEONA: "Feona O'Dell"}
TRAINEES = (KIM, LEE, ANA, DEE)
ODD = [
    "é",
    "ß",
    "日本",
    "👩‍👧",
    '"',
    "\\",
    "\n",
    "\t",
    "'",
    "#",
    ":",
    "{",
    "</b>",
    "\x7f",
    "\u2028",
    "ı",
    "İ",
    "%",
    "\0",
]
SOURCE = rubric_source()


@pytest.fixture
def where(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def shared(tmp_path: Path) -> Settings:
    (tmp_path / "shared").mkdir()
    return Settings(shared=tmp_path / "shared")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody cuts the power here: flushes are left out."""
    failing(monkeypatch)


def know(where: Home, names: dict[str, str] = NAMES) -> None:
    """Write who plays and who reviews."""
    where.root.mkdir(parents=True, exist_ok=True)
    text = "".join(
        f"{person}:\n  name: {json.dumps(name, ensure_ascii=False)}\n" for person, name in sorted(names.items())
    )
    where.people.write_text(f"# The team.\n{text}", encoding="utf-8")


def started(where: Home, case: Case, person: str) -> Play:
    """Begin a session of the small case."""
    return Play.begin(where, case, rubric(), SOURCE, person, seed=7, feedback="end")


def played(archive: Archive, case: Case, person: str, note: str, reflection: str) -> Logged:
    """Play a session to its end, and write these two things in it."""
    play = started(archive.where, case, person)
    for response in ("invite", "promise"):
        play.choose(response)
    play.write(note)
    play.reflect(reflection)
    play.close()
    return archive.load(play.path)


def reviewed(where: Home, logged: Logged, reviewer: str, *said: str) -> None:
    """Say these things about a session, in every way there is, and sign it off."""
    with Reviewing.open(where, logged, reviewer) as review:
        comment, reason, rating, overall, practise = said
        review.comment(1, comment)
        review.override(2, "rapport.limits", Level.POOR, reason)
        review.rate(3, "organization.records", Level.POOR, rating)
        review.rate_overall("rapport", Level.POOR, overall)
        review.send_back(logged.recorded.reading.head, practise)


def words(dice: random.Random, what: str) -> str:
    """Make up a text that nobody wrote before, with odd characters in it."""
    odd = "".join(dice.choice(ODD) for _ in range(dice.randrange(4)))
    return f"{what}{dice.randrange(10**12):012}{odd}{dice.randrange(10**6):06}"


class Team:
    """A home with sessions of four people, each with everything that can be written, all of it handed in."""

    def __init__(self, where: Home, settings: Settings, dice: random.Random) -> None:
        self.archive = Archive(where)
        self.names = {person: one_line(words(dice, name.split()[0]), 80) for person, name in NAMES.items()}
        self.written: dict[str, list[str]] = {person: [] for person in NAMES}
        know(where, self.names)
        case = case_in(where.root / "cases")
        for person in TRAINEES:
            said = [words(dice, f"{person} {part} {self.names[person]} ") for part in range(7)]
            logged = played(self.archive, case, person, *said[:2])
            reviewed(where, logged, FEONA, *said[2:])
            play = started(where, case, person)
            draft = words(dice, f"{person} draft ")
            play.save_draft(draft)
            play.suspend()
            self.written[person] += [*said, draft]
        assert settings.shared is not None
        assert not hand_in(where, settings.shared).away

    def all_of(self, person: str) -> list[str]:
        """Return a person's name, and everything that they or others about them wrote."""
        return [self.names[person], *self.written[person]]


def files(*roots: Path | None) -> Iterator[Path]:
    """Yield every file, hidden ones among them."""
    for root in roots:
        if root is not None:
            yield from (Path(folder) / name for folder, _, names in os.walk(root) for name in names)


def found_in(needles: list[str], *roots: Path | None) -> set[tuple[str, Path]]:
    """Search every byte of every file for texts, in each way in which a file may spell them."""
    spelled = {}
    for needle in needles:
        for text in {needle, clean(needle)}:
            for way in (text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
                spelled[way.encode()] = needle
    found = set()
    for path in files(*roots):
        data = path.read_bytes()
        found |= {(text, path) for way, text in spelled.items() if way in data}
    return found


def unsound(archive: Archive) -> list[str]:
    """Say what is wrong with the journals of a home, apart from texts that are gone."""
    library = frozenset(row.scenario.hash for row in archive.sessions() if isinstance(row, Logged))
    findings = [verify(archive, path, library) for path in archive.paths()]
    return [each.message for each in findings if not each.sound]


def bytes_of(*roots: Path | None) -> dict[Path, bytes]:
    """Return what every file holds, but for locks, that hold nothing."""
    return {path: path.read_bytes() for path in files(*roots) if not path.name.endswith(".lock")}


@pytest.mark.parametrize("seed", range(25 * TRIALS))
def test_nothing_is_left_of_somebody(where: Home, shared: Settings, seed: int) -> None:
    """No file of the home or the shared folder holds their name or a word by or about them; what others have stays."""
    team = Team(where, shared, random.Random(seed))
    there = found_in([text for person in NAMES for text in team.all_of(person)], where.root, shared.shared)
    for gone, person in enumerate(TRAINEES, 1):
        theirs = {(text, path) for text, path in there if text in team.all_of(person)}
        assert {text for text, _ in theirs} == set(team.all_of(person))

        done = forget(where, shared, person, FEONA)

        assert done.left == ()
        there -= theirs
        assert found_in([text for each in NAMES for text in team.all_of(each)], where.root, shared.shared) == there
        assert list(people.load(where.people).everybody) == [*TRAINEES[gone:], FEONA]
    assert unsound(team.archive) == []
    assert len(team.archive.paths()) == 2 * len(TRAINEES)


@pytest.fixture
def one(where: Home, shared: Settings) -> Team:
    """A small team whose texts are always the same."""
    return Team(where, shared, random.Random(0))


def test_what_is_left_fits_its_receipts(where: Home, shared: Settings, one: Team) -> None:
    """Receipts that were taken before still lie on the journals: nothing but words has gone."""
    from simulator.sharing.receipts import Receipts, Seen

    seen = {path: journal.read(path).reading.entries for path in one.archive.paths()}
    with Receipts.open(where) as receipts:
        receipts.add((Seen(path.stem, len(found), found[-1].hash) for path, found in seen.items()), "this home")
        forget(where, shared, KIM, FEONA)
        for path in seen:
            standing = receipts.check(path.stem, [entry.hash for entry in chain.read(path).entries])
            assert len(standing.receipts) == 1
            assert (standing.rewritten, standing.shortened) == (None, None)


def test_reviews_are_still_there_without_their_words(where: Home, shared: Settings, one: Team) -> None:
    """What a reviewer decided stays, what they said about somebody who was erased does not."""
    before = {path.stem: list(reviews_of(where, path.stem)) for path in one.archive.paths()}
    forget(where, shared, KIM, FEONA)
    for session, reviews in before.items():
        kims = journal.read(where.journals / f"{session}.jsonl").header.person == KIM
        for old, new in zip(reviews, reviews_of(where, session), strict=True):
            assert (new == old) is not kims
            assert [each.level for each in new.ratings] == [each.level for each in old.ratings]
            assert [each.now for each in new.overrides] == [each.now for each in old.overrides]


def test_what_was_taken_over_goes_too(where: Home, shared: Settings) -> None:
    """A session that was begun again from a later decision holds the same note once more; it is theirs as well."""
    know(where)
    play = started(where, case_in(where.root / "cases", TWICE), KIM)
    for response in ("invite", "promise"):
        play.choose(response)
    play.write("Kim's first note.")
    play.write("Kim's second note.")
    play.close()
    again = Play.again_from(Archive(where), play.path, 4)
    again.close()
    first = {chain.texts_path(path) for path in (play.path, again.path)}
    assert {path for _, path in found_in(["Kim's first note."], where.root)} == first
    assert forget(where, shared, KIM, FEONA).texts == 3
    assert found_in(["Kim's first note.", "Kim's second note."], where.root) == set()
    assert unsound(Archive(where)) == []


def test_a_tombstone_names_nobody(where: Home, shared: Settings, one: Team) -> None:
    """It says that an id was erased, when and by whom, and how many texts; what was begun and what finished."""
    done = forget(where, shared, one.names[KIM], FEONA)
    first, *others = chain.read(where.tombstones).entries
    assert first.body["kind"] == "tombstones"
    assert [dict(each.body) for each in others] == [
        {"event": "forgot", "person": KIM, "by": FEONA},
        {"event": "erased", "person": KIM, "texts": done.texts},
    ]
    assert done.texts == 7
    assert (tombstones.forgotten(where), tombstones.unfinished(where)) == (frozenset({KIM}), ())


def test_nothing_comes_back(tmp_path: Path, where: Home, shared: Settings, one: Team) -> None:
    """What the person's own computer hands in again, and what is collected after that, brings no word back."""
    assert shared.shared is not None
    kims = Home(tmp_path / "kims")
    shutil.copytree(where.root, kims.root)
    forget(where, shared, KIM, FEONA)
    kims.handed_in.unlink()
    assert hand_in(kims, shared.shared).sessions
    assert found_in(one.all_of(KIM), shared.shared)
    collect(where, shared.shared, NoLedger(), anew=True)
    hand_in(where, shared.shared)
    assert found_in(one.all_of(KIM), where.root) == set()
    # What came back into the shared folder goes when it is done again.
    assert survey(where, shared, KIM).in_shared
    forget(where, shared, KIM, FEONA)
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()


class NoLedger:
    """A ledger that takes nothing down."""

    def of(self, session: str) -> tuple[()]:
        return ()

    def take_down(self, seen: object, source: str) -> int:
        return 0


def test_nobody_who_looks_changes_anything(where: Home, shared: Settings, one: Team) -> None:
    """Without --yes nothing is written: the command says what would go, what stays, and what it cannot reach."""
    where.settings.write_text(f"shared: {shared.shared}\n")
    (where.cohorts).mkdir()
    (where.cohorts / "spring.yaml").write_text(f"cohort: spring\npeople: [{KIM}, {LEE}]\n")
    before = bytes_of(where.root, shared.shared)
    code, out, error = text_of(here(where.root, "forget", KIM))
    assert (code, error) == (0, "")
    assert bytes_of(where.root, shared.shared) == before
    for said in (
        f"Erasing {one.names[KIM]} ({KIM}) takes away, for good:",
        "2 texts written in 2 sessions",
        "1 draft",
        "5 texts that reviewers wrote about these sessions",
        "2 files in the shared folder",
        f"their entry in {where.people}",
        f"{where.cohorts / 'spring.yaml'}:2",
        "What cannot be reached",
        "caseload backup",
        "other homes that collected from the shared folder",
        f"caseload forget {KIM} --yes",
    ):
        assert said in " ".join(out.split())
    code, out, _ = text_of(here(where.root, "forget", KIM, "--format", "json"))
    told = json.loads(out)
    assert (code, told["texts"], told["erased"], len(told["sessions"])) == (0, 7, False, 2)
    assert bytes_of(where.root, shared.shared) == before


def test_the_command_erases(where: Home, shared: Settings, one: Team) -> None:
    """With --yes it is done; the terminal hears an id and counts, and no name."""
    where.settings.write_text(f"shared: {shared.shared}\n")
    remember(where, person=KIM, reviewer=FEONA)
    code, out, error = text_of(here(where.root, "forget", one.names[KIM], "--yes"))
    assert (code, error) == (0, "")
    assert f"{KIM} is erased: 7 texts" in out
    assert one.names[KIM] not in out
    assert remembered(where) == {"reviewer": FEONA}
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()
    assert text_of(here(where.root, "forget"))[0] == 0


def test_whoever_is_on_hold_stays(where: Home, shared: Settings, one: Team) -> None:
    """A hold is a reason in people.yaml; while it stands there, it is told and nothing is erased."""
    text = where.people.read_text(encoding="utf-8")
    where.people.write_text(text.replace(f"{KIM}:\n", f"{KIM}:\n  hold: a complaint is open\n"), encoding="utf-8")
    before = bytes_of(where.root, shared.shared)
    code, out, error = text_of(here(where.root, "forget", KIM, "--yes", "--as", FEONA))
    assert (code, out) == (2, "")
    assert f"{one.names[KIM]} is on hold: a complaint is open. Take `hold:` out of {where.people} first" in error
    assert bytes_of(where.root, shared.shared) == before


def test_a_hold_that_cannot_be_read_is_a_hold(where: Home, shared: Settings, one: Team) -> None:
    """While something is wrong in people.yaml nobody can tell who is on hold, so nobody is erased."""
    with where.people.open("a", encoding="utf-8") as file:
        file.write("p-9:\n  name: Nine\n  hodl: a complaint is open\n")
    with pytest.raises(NotForgotten, match="mend what is reported"):
        forget(where, shared, KIM, FEONA)
    assert not where.tombstones.exists()


def test_who_is_meant(where: Home, shared: Settings, one: Team) -> None:
    """Nobody by chance: a name that several have, one that nobody has, and nobody in particular are refused."""
    with where.people.open("a", encoding="utf-8") as file:
        file.write("a-1: {name: Al}\na-2: {name: Al}\n")
    for who, why in (
        ("Al", "several people are called Al; name one by id: a-1, a-2"),
        ("Bo", "nobody here is called `Bo`"),
        ("bo", "nobody here is called `bo`, and no session is theirs"),
        ("", "nobody here is called"),
        ("p-nobody-in-particular", "nobody can tell which of those sessions are whose"),
    ):
        with pytest.raises(NotForgotten, match=re.escape(why)):
            survey(where, shared, who)


def test_somebody_whose_name_never_came_here(where: Home, shared: Settings, one: Team) -> None:
    """Journals may be here without a people file; whoever played them is erased by id."""
    where.people.unlink()
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.written[KIM], where.root, shared.shared) == set()


def test_an_id_that_gives_the_name_away_is_told_before(where: Home) -> None:
    """It stands in the hashes of journals: that it cannot be erased is said before anything is."""
    know(where, {"kim-novak": "Kim Novak"})
    played(Archive(where), case_in(where.root / "cases"), "kim-novak", "I did it.", "No.")
    _, out, _ = text_of(here(where.root, "forget", "kim-novak"))
    assert "The id kim-novak gives the name away." in out


def test_a_reviewer_is_erased_with_what_they_said(where: Home, shared: Settings, one: Team) -> None:
    """Whoever is erased as a reviewer loses their words about others; what those wrote stays."""
    said = [text for person in TRAINEES for text in one.written[person][2:7]]
    assert forget(where, shared, FEONA, FEONA).left == ()
    assert found_in([one.names[FEONA], *said], where.root, shared.shared) == set()
    assert {text for text, _ in found_in(one.written[LEE], where.root)} == {*one.written[LEE][:2], one.written[LEE][7]}


def test_a_name_in_the_words_of_others_is_told(where: Home, shared: Settings) -> None:
    """Texts of others are theirs; where the name of somebody stands in them, somebody is to look at it."""
    know(where)
    case = case_in(where.root / "cases")
    played(Archive(where), case, KIM, "Mine.", "Mine.")
    lees = played(Archive(where), case, LEE, "As Kim Zoë\nNovak said.", "Kim Zoë Novaks are many.")
    code, out, _ = text_of(here(where.root, "forget", KIM, "--yes", "--as", FEONA))
    assert code == 1
    assert f"{KIM} is erased" in out
    assert f"{chain.texts_path(lees.recorded.path)}: somebody else wrote the name" in " ".join(out.split())
    assert tombstones.unfinished(where) == ()


def test_a_name_in_reviews_of_others_can_be_erased_too(where: Home, shared: Settings) -> None:
    """With --named so goes what a reviewer wrote about others with the name in it, and nothing else of that review."""
    know(where)
    lees = played(Archive(where), case_in(where.root / "cases"), LEE, "Mine.", "Mine.")
    reviewed(
        where, lees, FEONA, "Do it like Kim Zoë Novak.", "Kim would not.", "Good.", "Kim Zoë Novak's way.", "Go on."
    )
    assert shared.shared is not None
    hand_in(where, shared.shared)
    where.settings.write_text(f"shared: {shared.shared}\n")
    assert len(found_in(["Kim Zoë Novak"], where.reviews, shared.shared)) == 2
    code, out, _ = text_of(here(where.root, "forget", KIM))
    assert code == 0
    assert "with --named, these texts go too" in out
    assert text_of(here(where.root, "forget", KIM, "--named", "--yes", "--as", FEONA))[0] == 0
    assert found_in(["Kim Zoë Novak"], where.root, shared.shared) == set()
    assert not (survey(where, shared, KIM).in_reviews)
    (review,) = reviews_of(where, lees.id)
    assert review.comments == ()
    assert [each.reason for each in review.overrides] == ["Kim would not."]
    assert len(found_in(["Kim would not.", "Good.", "Go on."], where.reviews, shared.shared)) == 6


# -- when something is in the way -----------------------------------------------------------------


def test_every_call_of_the_system_may_fail(tmp_path: Path, shared: Settings) -> None:
    """Wherever it breaks off, others lose nothing, it is known not to be finished, and doing it again ends it."""
    know(Home(tmp_path / "start"), {KIM: "Kim Novak", LEE: "Lee"})
    start = Home(tmp_path / "start")
    case = case_in(tmp_path / "cases")
    reviewed(start, played(Archive(start), case, KIM, "A note of Kim's.", "A thought of Kim's."), FEONA, *"12345")
    lees = played(Archive(start), case, LEE, "A note of Lee's.", "A thought of Lee's.").id
    remember(start, person=KIM)
    needles = ["Kim Novak", "A note of Kim's.", "A thought of Kim's."]

    def tried(at: int | None, number: int) -> tuple[int, Home]:
        where = Home(tmp_path / f"{number}")
        shutil.copytree(start.root, where.root)
        with pytest.MonkeyPatch.context() as patch:
            system = failing(patch, at, error=ERRORS[number % len(ERRORS)], for_good=number % 2 == 0)
            try:
                done = forget(where, Settings(), KIM, FEONA)
                finished = not done.left
            except NotForgotten:
                finished = False
        if not finished:
            assert where.people.read_text().count("Lee") == 1
            begun = where.tombstones.exists() and KIM in tombstones.unfinished(where)
            assert begun or found_in(needles, where.root)
            assert forget(where, Settings(), KIM, FEONA).left == ()
        return len(system.calls), where

    calls, _ = tried(None, 0)
    assert calls > 100
    for number in range(1, calls, max(1, 5 // TRIALS)):
        _, where = tried(number, number)
        assert found_in(needles, where.root) == set()
        assert KIM not in tombstones.unfinished(where)
        assert Archive(where).load(where.journals / f"{lees}.jsonl").recorded.reflections() == ("A thought of Lee's.",)
        assert unsound(Archive(where)) == []
        shutil.rmtree(where.root)


def test_whoever_breaks_off_is_told_the_next_time(where: Home, shared: Settings, one: Team) -> None:
    """An erasure that was interrupted is told by `caseload forget` and by the review list; the same command ends it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forgetting, "_take_away", _stopped)
        with pytest.raises(KeyboardInterrupt):
            forget(where, shared, KIM, FEONA)
    said = f"Erasing {KIM} is not finished: `caseload forget {KIM} --yes` does what is left."
    code, out, _ = text_of(here(where.root, "forget"))
    assert (code, out) == (1, f"{said}\n")
    assert said in text_of(here(where.root, "review", "--plain"))[2]
    where.settings.write_text(f"shared: {shared.shared}\n")
    assert text_of(here(where.root, "forget", KIM, "--yes", "--as", FEONA))[0] == 0
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()
    assert [each.body.get("event") for each in chain.read(where.tombstones).entries] == [None, "forgot", "erased"]


def _stopped(_: object) -> None:
    raise KeyboardInterrupt


def test_a_session_that_somebody_is_in_is_left_for_the_next_time(where: Home, shared: Settings, one: Team) -> None:
    """The rest is erased, it is told who is in it, and once they have left it goes as well."""
    path = next(path for path in one.archive.paths() if len(journal.read(path).records) <= 1)
    assert journal.read(path).header.person == KIM
    with Chain.open(path, person=KIM):
        done = forget(where, shared, KIM, FEONA)
        assert [str(path) in why and KIM in why for why in done.left] == [True]
        assert {text for text, _ in found_in(one.all_of(KIM), where.root)} == {one.written[KIM][7]}
        assert tombstones.unfinished(where) == (KIM,)
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()


def test_a_shared_folder_that_is_away_is_left_for_the_next_time(where: Home, shared: Settings, one: Team) -> None:
    """The home is cleaned; it is not finished before the folder is there and clean too."""
    assert shared.shared is not None
    away = shared.shared.rename(shared.shared.with_name("away"))
    done = forget(where, shared, KIM, FEONA)
    assert "is not there just now" in done.left[0]
    assert found_in(one.all_of(KIM), where.root) == set()
    assert tombstones.unfinished(where) == (KIM,)
    away.rename(shared.shared)
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()


def test_a_share_that_is_not_connected_is_no_empty_one(where: Home, shared: Settings, one: Team) -> None:
    """Where a drive is not connected, an empty folder may lie in its place; that nothing lies there proves nothing."""
    assert shared.shared is not None
    shared.shared.rename(shared.shared.with_name("away"))
    shared.shared.mkdir()
    assert "as if its drive or share were not connected" in forget(where, shared, KIM, FEONA).left[0]


@posix
def test_a_link_in_the_place_of_a_store_is_not_passed_over(where: Home, shared: Settings, one: Team) -> None:
    """Where journals cannot be looked at, nobody is told that somebody is erased."""
    assert shared.shared is not None
    sessions = shared.shared / "sessions"
    sessions.rename(sessions.with_name("moved"))
    sessions.symlink_to("moved")
    before = found_in(one.all_of(KIM), sessions)
    assert forget(where, shared, KIM, FEONA).left == (
        f"{sessions} is a link, or no folder, and no link is followed. What lies there was not erased.",
    )
    where.journals.rename(where.root / "moved")
    where.journals.symlink_to("moved")
    with pytest.raises(NotForgotten, match="journals: it is a link"):
        forget(where, shared, KIM, FEONA)
    assert found_in(one.all_of(KIM), sessions) == before


@posix
def test_no_link_leads_out_of_the_stores(tmp_path: Path, where: Home, shared: Settings, one: Team) -> None:
    """Links in the folders are told and left alone, and what they lead to is not touched."""
    assert shared.shared is not None
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "3-abc.texts.jsonl").write_text("precious\n")
    (outside / f"{KIM}.jsonl").write_text("precious\n")
    kims = next(path.stem for path in one.archive.paths() if journal.read(path).header.person == KIM)
    (shared.shared / "sessions" / kims / "1-a.texts.jsonl").symlink_to(outside / "3-abc.texts.jsonl")
    (shared.shared / "sessions" / "20200101-000000-aaaaaa").symlink_to(outside)
    (shared.shared / "reviews" / KIM).symlink_to(outside)
    (where.journals / f"{kims}.texts.jsonl.torn-1").symlink_to(outside / "3-abc.texts.jsonl")
    (where.reviews / KIM).symlink_to(outside)
    done = forget(where, shared, KIM, FEONA)
    assert found_in(["precious"], outside) == {("precious", path) for path in outside.iterdir()}
    assert len(list(outside.iterdir())) == 2
    told = [each for each in done.plan.named_by_others if each.endswith("it is a link or a device; it is left alone")]
    assert len(told) == 5
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()


def test_a_journal_handed_in_under_anothers_session_takes_nothing_of_theirs(
    where: Home, shared: Settings, one: Team
) -> None:
    """Whoever puts a journal that says it is Kim's into Lee's folder does not get Lee's words erased."""
    assert shared.shared is not None
    lees = next(path for path in one.archive.paths() if journal.read(path).header.person == LEE)
    header = {**bodies_of(lees)[0], "person": KIM}
    forged(shared.shared / "sessions" / lees.stem / "1-forged.jsonl", [header])
    theirs = found_in(one.all_of(LEE), where.root, shared.shared)
    forget(where, shared, KIM, FEONA)
    assert found_in(one.all_of(LEE), where.root, shared.shared) == theirs


def test_what_crashes_left_goes_too(where: Home, shared: Settings, one: Team) -> None:
    """Half-written texts that were set aside, leftovers of writing, notes of who held a lock: none of it stays."""
    path = next(path for path in one.archive.paths() if journal.read(path).header.person == KIM)
    name = one.names[KIM]
    for left in (
        f"{path.stem}.texts.jsonl.torn-1",
        f".{path.stem}.texts.jsonl.0a1b2c3d.tmp",
        f".{path.stem}.draft.0a1b2c3d.tmp",
        f"{path.name}.lock.who",
    ):
        path.with_name(left).write_text(name, encoding="utf-8")
    (where.root / ".people.yaml.0a1b2c3d.tmp").write_text(name, encoding="utf-8")
    assert shared.shared is not None
    folder = shared.shared / "sessions" / path.stem
    (folder / ".9-abc.texts.jsonl.0a1b2c3d.tmp").write_text(name, encoding="utf-8")
    (folder / "9-abc.texts (Lee's conflicted copy).jsonl").write_text(name, encoding="utf-8")
    # Texts are written before the journal that begins again: a crash in between leaves them alone, with a note.
    orphan = where.journals / "20260101-000000-aaaaaa.texts.jsonl"
    orphan.write_text(name, encoding="utf-8")
    orphan.with_name("20260101-000000-aaaaaa.jsonl.lock.who").write_text(json.dumps({"person": KIM}))
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()


def test_texts_that_nobody_can_place_are_told(where: Home, shared: Settings, one: Team) -> None:
    """Texts without a journal may be anybody's: they are left alone, and named."""
    orphan = where.journals / "20260101-000000-aaaaaa.texts.jsonl"
    orphan.write_text("whose?\n")
    done = forget(where, shared, KIM, FEONA)
    assert done.plan.named_by_others == (f"{orphan}: no journal says whose it is; it is left alone",)
    assert orphan.exists()


def test_the_index_holds_nothing_of_them(where: Home, shared: Settings, one: Team) -> None:
    """Texts leave the index with their room; what others wrote is still found there, and the next update goes on."""
    from simulator.index.store import Index

    with Index.open(where) as index:
        index.update(one.archive, solve=False, processes=0)
    there = {text for text, path in found_in(one.all_of(LEE), where.root) if path == where.index}
    assert {text for text, path in found_in(one.all_of(KIM), where.root) if path == where.index}
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.all_of(KIM), where.root, shared.shared) == set()
    assert {text for text, path in found_in(one.all_of(LEE), where.root) if path == where.index} == there
    with Index.open(where) as index:
        assert index.notices == []
        index.update(one.archive, solve=False, processes=0)
    assert found_in(one.all_of(KIM), where.root) == set()


def test_an_index_that_cannot_be_cleaned_is_taken_away(where: Home, shared: Settings, one: Team) -> None:
    """It can be made again; words that stay in a broken file cannot be vouched for."""
    where.index.write_bytes(b"SQLite format 3\0" + one.names[KIM].encode() * 100)
    assert forget(where, shared, KIM, FEONA).left == ()
    assert found_in(one.all_of(KIM), where.root) == set()


# -- people.yaml ----------------------------------------------------------------------------------

HANDED_OUT = """\
# Riverside team, spring.
ana:
  name: Ana Ruiz   # started in March
  role: trainee

# Kim Novak came in May.
# She is on Tuesdays.
kim:
  name: Kim Novak
  hold: >
    a complaint
    is open
  # will leave

# Supervisors
feona: {name: "Feona O'Dell", role: supervisor}
li:
  name: Li
"""


def _people(folder: Path, text: str) -> Path:
    path = folder / "people.yaml"
    path.write_bytes(text.encode())
    return path


def test_an_entry_goes_and_the_file_stays(tmp_path: Path) -> None:
    """Comments, order and other entries of a file that a supervisor keeps are as they were."""
    path = _people(tmp_path, HANDED_OUT)
    assert people.remove(path, "kim")
    start, end = HANDED_OUT.index("# Kim Novak"), HANDED_OUT.index("\n# Supervisors")
    assert path.read_text() == f"{HANDED_OUT[:start]}# She is on Tuesdays.\n{HANDED_OUT[end:]}"


@pytest.mark.parametrize("person", ["ana", "kim", "feona", "li"])
@pytest.mark.parametrize(
    "text",
    [
        HANDED_OUT,
        HANDED_OUT.rstrip("\n"),
        HANDED_OUT.replace("\n", "\r\n"),
        "\ufeff" + HANDED_OUT,
        "---\n" + HANDED_OUT + "...\n",
        '{ana: {name: Ana Ruiz}, kim: {name: "Kim Novak", hold: a}, feona: {name: F}, li: {name: Li}}',
        "ana: {name: Ana}\nkim: {name: Kim,\n  role: trainee}\nfeona:\n  name: |\n    Feona\nli: {name: 'Li''s'}\n",
        '{\n  ana: {name: Ana},  # one\n  "kim": {name: Kim},\n  feona: {name: Feona},\n  li: {name: Li},\n}\n',
    ],
)
def test_whoever_goes_the_others_stay(tmp_path: Path, text: str, person: str) -> None:
    """First, last and in between, however the file is written."""
    path = _people(tmp_path, text)
    before = people.load(path)
    assert before.problems == ()
    assert people.remove(path, person)
    assert people.load(path) == People({each: who for each, who in before.everybody.items() if each != person})
    assert before.everybody[person].name not in path.read_text()
    assert not people.remove(path, person)


def test_everybody_can_go(tmp_path: Path) -> None:
    """A file that names nobody any more can be read, and added to."""
    for text in (HANDED_OUT, "{ana: {name: Ana}}", "li: {name: Li}"):
        path = _people(tmp_path, text)
        for person in people.load(path).everybody:
            assert people.remove(path, person)
        assert people.load(path) == People({})


@posix
def test_a_people_file_that_cannot_be_edited_is_told(where: Home, shared: Settings, one: Team, tmp_path: Path) -> None:
    """Everything else is erased; the command says what is to be done by hand, and that it is not finished."""
    elsewhere = where.people.rename(tmp_path / "team.yaml")
    where.people.symlink_to(elsewhere)
    done = forget(where, shared, KIM, FEONA)
    (why,) = done.left
    assert why.endswith("it is a link, and what it leads to may be others' as well. Take that entry out by hand.")
    assert found_in(one.written[KIM], where.root, shared.shared) == set()
    assert people.remove(elsewhere, KIM)
    assert forget(where, shared, KIM, FEONA).left == ()
    assert tombstones.unfinished(where) == ()
