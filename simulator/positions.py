"""Where in its file each part of a case stands, found out when somebody asks.

Loading 10,000 scenes should not have to note where each of their conditions stands, since hardly anybody will
ask. So the nodes of a file are composed once more as soon as there is something to say about a part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from simulator.flaw import Where
from simulator.source import Source, compose

_VALUES = ("when", "if")
"""Keys of which the value is meant, so that a column is that of the condition."""


class Positions:
    """Where the parts of one file stand."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._root: yaml.Node | None = None
        self._composed = False
        self._children: dict[int, Mapping[str, tuple[yaml.Node, yaml.Node]]] = {}

    def find(self, where: Where) -> yaml.Node | None:
        """Return what stands for a part: its key, a condition itself, or an entry of a list.

        What stands in another file is found by what it belongs to here; None if not even that is here.
        """
        found = self._way(where)
        return found[-1] if found else None

    def holds(self, where: Where) -> bool:
        """Whether a part stands in this file."""
        return len(self._way(where)) == len(where)

    def _way(self, where: Where) -> list[yaml.Node]:
        """Return the keys that lead to a part, as far as they are here."""
        if not self._composed:
            # Whoever allowed so large a file has loaded it before.
            self._root, self._composed = compose(self._source, len(self._source.text) + 1)[0], True
        node = self._root
        found: list[yaml.Node] = []
        for key in where:
            if isinstance(key, int):
                if isinstance(node, yaml.MappingNode) and (within := self._entries(node).get("marks")) is not None:
                    # `left-out:` with marks below it, which are the list.
                    node = within[1]
                if not isinstance(node, yaml.SequenceNode) or key >= len(node.value):
                    break
                node = node.value[key]
                found.append(node)
                continue
            entry = self._entries(node).get(key)
            if entry is None:
                break
            name, node = entry
            found.append(node if key in _VALUES else name)
        return found

    def _entries(self, node: yaml.Node | None) -> Mapping[str, tuple[yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            return {}
        known = self._children.get(id(node))
        if known is None:
            known = self._children[id(node)] = {
                key.value: (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)
            }
        return known
