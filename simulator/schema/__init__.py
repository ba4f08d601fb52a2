"""Editor help: the scenario format as a JSON Schema, which an editor completes and underlines by.

The loader alone decides what a case may say. It can also say more than a schema ever could: where a name
leads, what a condition asks. So the rule between the two is that the schema refuses nothing that the loader
accepts, and refuses every mistake that can be seen in the shape of the file. Keys, words and limits are the
loader's own, taken from where it has them; tests hold the rest together.

parts    what can stand behind a key: prose, numbers, ids, conditions, lists
known    the ids that one case has, so that an editor can offer them
marks    indicators and levels, as a rubric describes them
scenes   scenes of every kind, and what is decided in them
case     the whole file, of a case or of shared scenes
cohort   a cohort file
"""

from simulator.schema.case import schema
from simulator.schema.cohort import cohort_schema
from simulator.schema.known import Known, ids_of

__all__ = ["Known", "cohort_schema", "ids_of", "schema"]
