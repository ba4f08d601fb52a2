"""What multiplied the states of a case: for an author whose case is too large to be explored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from simulator.control import Control
from simulator.machine import Machine

MOST_SCENES = 3
MOST_THINGS = 6


def costly(machine: Machine, nodes: Sequence[Control], at: Sequence[int], bits: Sequence[int]) -> tuple[str, ...]:
    """Return the scenes with most states, and in how many things these differ there, as sentences.

    `at` and `bits` are the control node of each state and what it keeps.
    """
    counts = Counter(nodes[each].node for each in at)
    total = max(1, len(at))
    found = []
    for index, count in counts.most_common(MOST_SCENES):
        here = [each for where, each in zip(at, bits, strict=True) if nodes[where].node == index]
        things = sorted(_things(machine, here), key=lambda thing: -thing[0])[:MOST_THINGS]
        told = ", ".join(f"{name} ({values} values)" for values, name in things)
        share = f"{100 * count // total}% of the states stand in scene `{machine.nodes[index].name}`"
        found.append(f"{share}; still asked for from there: {told}" if told else share)
    return tuple(found)


def _things(machine: Machine, bits: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield what some states of a scene differ in: in how many values, and what it is called."""
    layout = machine.layout
    for name, place in layout.feeling.items():
        values = len({place.read(each) for each in bits})
        if values > 1:
            yield values, f"feeling `{name}`"
    flags = {
        "fact `{}`": layout.fact,
        "read({})": layout.read,
        "visited({})": layout.visited,
        "consulted({})": layout.consulted,
        "critical `{}` raised": layout.raised,
    }
    for words, known in flags.items():
        for name, mask in known.items():
            held = sum(bool(each & mask) for each in bits)
            if 0 < held < len(bits):
                yield 2, words.format(name)
    for (scene, response), place in layout.chose.items():
        values = len({place.read(each) for each in bits})
        if values > 1:
            yield values, f"chose({scene}/{response})"
