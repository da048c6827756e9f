"""Circles in a graph: groups of nodes that lead back to one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def circles(edges: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Return the groups of nodes that lie on a common circle, without recursion, in a stable order.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972.
    """
    found: list[list[int]] = []
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    waiting: list[int] = []
    on_stack: set[int] = set()
    for root in edges:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        waiting.append(root)
        on_stack.add(root)
        stack = [(root, iter(edges[root]))]
        while stack:
            node, targets = stack[-1]
            for target in targets:
                if target not in number:
                    number[target] = low[target] = len(number)
                    waiting.append(target)
                    on_stack.add(target)
                    stack.append((target, iter(edges.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], number[target])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[node])
                if low[node] == number[node]:
                    group = _group(node, waiting, on_stack)
                    if len(group) > 1 or node in edges.get(node, ()):
                        found.append(sorted(group))
    return sorted(found)


def _group(node: int, waiting: list[int], on_stack: set[int]) -> list[int]:
    group = []
    while True:
        member = waiting.pop()
        on_stack.discard(member)
        group.append(member)
        if member == node:
            return group
