"""The tables of the index, in words that SQLite and PostgreSQL both understand.

People are ids here, never names. What somebody wrote, trainee or reviewer, stands in `texts` and nowhere else,
so that erasing it is one place. Titles and wordings are those of cases.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Index, Integer, MetaData, SmallInteger, String, Table, Text, text
from sqlalchemy.types import BigInteger

from scoring.rubric import Level

LEVELS = tuple(level.value for level in Level)
"""Of marks, worst first."""
IN_FIRST, IN_REPEATS = tuple(f"first_{level}" for level in LEVELS), tuple(f"repeat_{level}" for level in LEVELS)
"""Names of columns that count marks, by level, worst first."""
VERSION = 3
"""Of these tables; `migrations` leads from every older one to it."""

metadata = MetaData()

# The same order everywhere: PostgreSQL would otherwise sort as its own language does.
Word = String().with_variant(String(collation="C"), "postgresql")
Long = Text().with_variant(Text(collation="C"), "postgresql")


def _word(name: str, key: bool = False) -> Column[str]:
    return Column(name, Word, primary_key=key, nullable=False)


def _number(name: str, key: bool = False, *, unknown: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=unknown, autoincrement=False)


def _small(name: str, key: bool = False, *, unknown: bool = False) -> Column[int]:
    return Column(name, SmallInteger, primary_key=key, nullable=unknown, autoincrement=False)


def _table(name: str, *parts: Column[str] | Column[int] | Index) -> Table:
    # Without row numbers of its own, a table of SQLite is its key: half the size, one look-up less.
    return Table(name, metadata, *parts, sqlite_with_rowid=False)


meta = _table("meta", _word("name", key=True), _word("value"))
"""The version of the tables, what filled them, whether the small tables are in step."""

files = _table(
    "files",
    _word("path", key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    _word("kind"),
    _word("session"),
)
"""Every file as it was when it was read; `session` is the one it belongs to, or for a copy its hash."""

sessions = _table(
    "sessions",
    _word("session", key=True),
    _word("head"),
    _number("entries"),
    _word("person"),
    _word("scenario"),
    _word("version"),
    _word("scenario_hash"),
    _word("rubric_hash"),
    _word("purpose"),
    _word("again"),
    _number("again_from"),
    _word("started"),
    _word("touched"),
    _word("decided"),
    _word("ended"),
    _number("attempt"),
    _word("state"),
    _word("ending"),
    _number("decisions"),
    _number("criticals"),
    _number("sure_harmful"),
    _number("to_rate"),
    _number("rapport"),
    _number("organization"),
    _number("ethics"),
    _small("rapport_quality", unknown=True),
    _small("organization_quality", unknown=True),
    _small("ethics_quality", unknown=True),
    _number("rapport_low"),
    _number("organization_low"),
    _number("ethics_low"),
    _number("seconds"),
    _word("review_state"),
    _small("sent_back"),
    _number("reviews"),
    _word("queue"),
    _small("urgency"),
    _word("trouble"),
    Index("sessions_by_urgency", "queue", "urgency", text("decided DESC"), text("session DESC")),
    Index("sessions_in_queue", "queue", "decided", "session"),
    Index("sessions_by_time", "decided", "session"),
    Index("sessions_of", "person", "scenario", "decided", "session"),
    Index("sessions_at", "scenario", "decided", "session"),
    Index("sessions_with", "scenario_hash", "rubric_hash"),
)
"""One row a journal. `attempt` is 0 for what is none; `queue` is where it stands in the inbox."""

decisions = _table(
    "decisions",
    _word("session", key=True),
    _number("number", key=True),
    _number("seq"),
    _word("scene"),
    _word("kind"),
    _word("response"),
    _small("confidence"),
    _number("seconds"),
    _small("bucket"),
    _word("marks"),
    _word("worst"),
    _word("critical"),
    _number("rapport_got"),
    _number("rapport_span"),
    _number("organization_got"),
    _number("organization_span"),
    _number("ethics_got"),
    _number("ethics_span"),
    Index("decisions_at", "scene", "response", "session"),
)
"""One row a decision; number 0 is what held before anything was decided, where that was marked."""

levels = _table(
    "levels",
    _word("session", key=True),
    _word("indicator", key=True),
    _word("level", key=True),
    _number("n"),
)
"""How often a session was marked so on an indicator."""

raised = _table(
    "raised",
    _word("session", key=True),
    _number("number", key=True),
    _word("critical", key=True),
)
"""Criticals, and the decisions they were raised at."""

texts = _table(
    "texts",
    _word("session", key=True),
    _word("reviewer", key=True),
    _number("place", key=True),
    _number("number"),
    _word("kind"),
    Column("text", Long, nullable=False),
    Column("folded", Long, nullable=False),
)
"""What somebody wrote; `reviewer` is empty for the trainee. Never what was written in a practice attempt."""

judgements = _table(
    "judgements",
    _word("session", key=True),
    _word("reviewer", key=True),
    _number("place", key=True),
    _word("kind"),
    _number("number"),
    _number("award"),
    _word("indicator"),
    _word("was"),
    _word("now"),
    _word("scene"),
    _word("response"),
    _word("time"),
    _small("signed"),
)
"""What supervisors say, without their words; `scene` and `response` are what an overridden mark was given for."""

cases = _table(
    "cases",
    _word("scenario_hash", key=True),
    _word("rubric_hash", key=True),
    _word("scenario"),
    _word("version"),
    _word("title"),
    _number("rapport_worst", unknown=True),
    _number("rapport_best", unknown=True),
    _number("organization_worst", unknown=True),
    _number("organization_best", unknown=True),
    _number("ethics_worst", unknown=True),
    _number("ethics_best", unknown=True),
    _word("proven"),
    _small("in_library"),
)
"""What results are set against. `proven` is yes, no, or empty as long as nobody has explored the case."""

wordings = _table(
    "wordings",
    _word("scenario_hash", key=True),
    _word("kind", key=True),
    _word("scene", key=True),
    _word("response", key=True),
    _number("place", key=True),
    Column("text", Long, nullable=False),
    Column("folded", Long, nullable=False),
)
"""The words of a case: endings, criticals, scenes, responses, options, in the author's order."""

# -- small tables of counts, made of the others -----------------------------------------------------

choices = _table(
    "choices",
    _word("scenario", key=True),
    _word("scenario_hash", key=True),
    _word("scene", key=True),
    _word("kind", key=True),
    _word("response", key=True),
    _small("bucket", key=True),
    _small("confidence", key=True),
    _word("marks", key=True),
    _word("worst", key=True),
    _small("first", key=True),
    _number("n"),
    _number("reviewed"),
    _number("rapport_got"),
    _number("rapport_span"),
    _number("organization_got"),
    _number("organization_span"),
    _number("ethics_got"),
    _number("ethics_span"),
)
"""What was decided in attempts, and what it brought of what was on offer."""

person_indicator = _table(
    "person_indicator",
    _word("person", key=True),
    _word("indicator", key=True),
    _number("n"),
    *(_number(name) for name in (*IN_FIRST, *IN_REPEATS)),
)
"""How often somebody was marked at each level, in first attempts and in others."""

person_confidence = _table(
    "person_confidence",
    _word("person", key=True),
    _small("confidence", key=True),
    _word("worst", key=True),
    _small("first", key=True),
    _number("n"),
)

person_critical = _table(
    "person_critical",
    _word("person", key=True),
    _word("scenario", key=True),
    _word("critical", key=True),
    _small("first", key=True),
    _number("n"),
)

results = _table(
    "results",
    _word("scenario", key=True),
    _word("scenario_hash", key=True),
    _word("rubric_hash", key=True),
    _number("attempt", key=True),
    _word("dimension", key=True),
    _number("raw", key=True),
    _small("critical", key=True),
    _number("n"),
)

overridden = _table(
    "overridden",
    _word("scenario", key=True),
    _word("scene", key=True),
    _word("response", key=True),
    _word("indicator", key=True),
    _word("was", key=True),
    _word("now", key=True),
    _number("n"),
)
"""Signed overrides of marks."""

standings = _table(
    "standings",
    _word("person", key=True),
    _word("scenario", key=True),
    _number("attempts"),
    _number("assigned"),
    _number("practice"),
    _number("unfinished"),
    _number("again"),
    _number("damaged"),
    _word("last"),
    _word("touched"),
)
"""Where somebody stands with a case; `last` is the session of the last attempt."""

queues = _table(
    "queues",
    _word("queue", key=True),
    _small("urgency", key=True),
    _number("n"),
)
"""How many sessions the inbox holds, by where they stand."""

SUMMARIES = (choices, person_indicator, person_confidence, person_critical, results, overridden, queues)
"""Small tables whose counts are added to and subtracted from."""
OF_SESSIONS = (sessions, decisions, levels, raised, texts, judgements)
"""Tables that hold what one session brought, by its id."""


def without_lookups(connection: Connection) -> None:
    """Take away what rows are looked up by, besides their keys: many rows go in three times as fast without."""
    for each in _lookups():
        each.drop(connection, checkfirst=True)


def with_lookups(connection: Connection) -> None:
    """Put back what rows are looked up by, where it is missing."""
    for each in _lookups():
        each.create(connection, checkfirst=True)


def _lookups() -> list[Index]:
    return sorted((each for table in OF_SESSIONS for each in table.indexes), key=lambda each: str(each.name))
