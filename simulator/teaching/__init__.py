"""Whether a case teaches: reasons that say something, words that fit, and nothing claimed that did not happen.

None of this makes a case wrong, so all of it is advice, and an author who means it answers it. Every check is a pure
function of a case.

reasons         `why:` of marks, and the standards of criticals
appointment     preparation, meeting, wrap-up; dimensions that hang on one indicator
hearing         how hard clients are to follow
endings         endings that cannot be told apart
content         what the content note leaves out
dates           weekdays and dates that disagree
claims          what narration takes for granted
lacking         whether that may not have happened, and the shortest way on which it has not
marked          which indicators a case marks, for a table
told            everything in a case that is read or heard
words, syllables, calendar_dates
                English prose, as far as it is looked at here
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scoring.rubric import Rubric
from simulator.flaw import Flaw
from simulator.scenario import Scenario

if TYPE_CHECKING:
    from simulator.explore import Exploration


def flaws(scenario: Scenario, rubric: Rubric, explored: Exploration | None) -> Iterator[Flaw]:
    """Yield what keeps a case from teaching as well as it could.

    What narration takes for granted is only looked into where the case was explored: it has to be played for that.
    """
    from simulator.teaching import appointment, content, dates, endings, hearing, reasons
    from simulator.teaching.told import told

    everything = list(told(scenario))

    yield from reasons.reasons(scenario)
    yield from reasons.standards(scenario)
    yield from appointment.phases(scenario, explored)
    yield from appointment.thin_dimensions(scenario, rubric)
    yield from hearing.speech(scenario, everything)
    yield from endings.alike(scenario)
    yield from content.content_note(scenario, everything)
    yield from dates.dates(scenario, everything)
    if explored is not None:
        from simulator.teaching.lacking import unseen

        yield from unseen(explored)
