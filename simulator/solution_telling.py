"""What is known of a case as a whole, as text for its author and as JSON for tools."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from scoring.rubric import DIMENSIONS
from simulator.session import Event
from simulator.solution import Reached, Solution, model_session
from simulator.solved import way_json
from simulator.transcript import moments
from simulator.wording import counted, said

WIDTH = 80
SAMPLED = "sampled, not proven"


def solution_text(solution: Solution, *, width: int = WIDTH) -> str:
    """Return what is known, for people."""
    return "\n".join(_lines(solution, width))


def _lines(solution: Solution, width: int) -> Iterator[str]:
    scenario, proof = solution.scenario, solution.proof
    yield f"{scenario.title} ({scenario.id} {scenario.version})"
    if proof is not None:
        yield f"Solved exactly: {counted(proof.states, 'state')}, {proof.edges:,} ways on, all of them looked at."
    else:
        yield fill(
            f"NOT PROVEN: more than {solution.found:,} states, or too long. Everything below was {SAMPLED}, from "
            f"{solution.plays:,} random plays.",
            width,
        )
        if solution.costly:
            yield "What costs most:"
            for each in solution.costly:
                yield fill(each, width, initial_indent="  - ", subsequent_indent="    ")
    yield ""
    yield f"Raw points that can be had{_mark(solution)}"
    for dimension, low, high in zip(DIMENSIONS, solution.low, solution.high, strict=True):
        yield f"  {dimension:<13} {low:>4} to {high:>3}" + (
            "   no range: not assessed" if low == high and proof is not None else ""
        )
    yield ""
    yield f"Endings{_mark(solution)}"
    for reached in solution.endings:
        yield from _ending(solution, reached, width)
    yield ""
    yield "One balanced way through"
    if solution.model is None:
        yield f"  {_why_no_model(solution)}"
    else:
        yield from model_lines(solution, width)
    yield ""
    yield f"What nobody can take{_mark(solution)}"
    never = [f"{scene}/{name}" for scene, name in solution.never_taken]
    never += [f"{scene}: nobody comes to this scene" for scene in solution.never_met]
    yield from ([f"  {each}" for each in never] or ["  nothing: everything can be taken, every scene be met"])
    for way in solution.stuck:
        yield ""
        yield "There is no way on after:"
        yield fill(way_words(way) or "the start", width, initial_indent="  ", subsequent_indent="  ")
    if proof is not None:
        yield ""
        yield (
            f"Counts: {proof.states:,} states, {proof.edges:,} ways on, {proof.control_nodes:,} control nodes, "
            f"{proof.futures:,} futures."
        )


def _mark(solution: Solution) -> str:
    return "" if solution.proof is not None else f" ({SAMPLED})"


def _why_no_model(solution: Solution) -> str:
    if solution.proof is None:
        return "not looked for"
    if solution.model_sought:
        return "none: whatever is decided, a critical is raised"
    return "none was found among the many that were looked at; that says nothing about the others"


def _ending(solution: Solution, reached: Reached, width: int) -> Iterator[str]:
    title = solution.scenario.endings[reached.ending].title
    yield f"  {reached.ending}: {title} ({100 * reached.share:.1f}% of {solution.plays:,} random plays)"
    if reached.way is not None:
        words = f"{counted(len(reached.way), 'decision')}: {way_words(reached.way)}"
        yield fill(words, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    elif solution.proof is not None:
        yield "    nobody can come to it"


def way_words(way: tuple[Event, ...]) -> str:
    """Write a way by the author's ids, so that it can be played again."""
    return ", ".join(map(said, way))


def model_lines(solution: Solution, width: int = WIDTH) -> Iterator[str]:
    """Yield the model path as one reads it."""
    session = model_session(solution)
    if session is None:
        return
    for moment in moments(session):
        number = f"  {moment.number:>2}  "
        yield fill(moment.what, width, initial_indent=number, subsequent_indent=" " * len(number))
    if session.ending is not None:
        yield f"      Ending: {session.ending.title}"


def solution_json(solution: Solution) -> dict[str, object]:
    """Return what is known as tools read it; the keys are stable."""
    scenario, proof = solution.scenario, solution.proof
    return {
        "scenario": scenario.id,
        "version": scenario.version,
        "scenario_hash": scenario.hash,
        "proven": proof is not None,
        "states": solution.found,
        "counts": None
        if proof is None
        else {
            "states": proof.states,
            "edges": proof.edges,
            "control_nodes": proof.control_nodes,
            "futures": proof.futures,
        },
        "costly": list(solution.costly),
        "dimensions": {
            dimension: {"worst": low, "best": high}
            for dimension, low, high in zip(DIMENSIONS, solution.low, solution.high, strict=True)
        },
        "endings": [
            {
                "ending": each.ending,
                "title": scenario.endings[each.ending].title,
                "way": way_json(each.way),
                "share_of_random_plays": each.share,
            }
            for each in solution.endings
        ],
        "random_plays": solution.plays,
        "model_path": way_json(solution.model),
        "never_taken": [{"scene": scene, "response": name} for scene, name in solution.never_taken],
        "never_met": list(solution.never_met),
        "stuck": [way_json(each) for each in solution.stuck],
    }
