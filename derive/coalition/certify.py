"""From linear reasoning to steps that can be checked by expanding one line."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from sympy import Rational
from sympy.logic.boolalg import And, Boolean

from derive.coalition.linear import Form, Refuted, negation, read, settle
from derive.coalition.steps import LinearCombination, Partition, Refutation

__all__ = ["combination", "partition"]

Readable = tuple[tuple[Boolean, Form], ...]


def readable(relations: tuple[Boolean, ...]) -> Readable:
    """The relations, conjunctions taken apart, that linear reasoning can use."""
    found = []
    for relation in relations:
        for part in relation.args if isinstance(relation, And) else (relation,):
            one = read(part)
            if one is not None:
                found.append((part, one))
    return tuple(found)


def combination(label: str, relation: Boolean, premises: tuple[Boolean, ...]) -> LinearCombination | None:
    """The relation (no equality) as a nonnegative combination of the premises; ``None`` if there is none."""
    goal = read(relation)
    if goal is None or goal.op == "==":
        return None
    usable = readable(premises)
    (opposite,) = negation(goal)
    outcome = settle((*(one for _, one in usable), opposite))
    if not isinstance(outcome, Refuted) or not outcome.multipliers[-1]:
        return None
    weight = outcome.multipliers[-1]
    shares = [multiplier / weight for multiplier in outcome.multipliers[:-1]]
    constant = goal.constant - sum((share * one.constant for share, (_, one) in zip(shares, usable, strict=True)), Fraction(0))
    used = [(part, share) for share, (part, _) in zip(shares, usable, strict=True) if share]
    return LinearCombination(
        label=label,
        relation=relation,
        premises=tuple(part for part, _ in used),
        multipliers=tuple(_rational(share) for _, share in used),
        constant=_rational(constant),
    )


def refutation(relations: Readable) -> Refutation | None:
    """Multipliers showing that the relations have no common solution."""
    outcome = settle(tuple(one for _, one in relations))
    if not isinstance(outcome, Refuted):
        return None
    used = [(part, share) for share, (part, _) in zip(outcome.multipliers, relations, strict=True) if share]
    return Refutation(relations=tuple(part for part, _ in used), multipliers=tuple(_rational(share) for _, share in used))


def partition(label: str, regions: tuple[tuple[Boolean, ...], ...], given: tuple[Boolean, ...]) -> Partition | None:
    """Proof that the regions are disjoint and cover ``given``; ``None`` if they are not or it cannot be shown."""
    base = readable(given)
    parts = [readable(region) for region in regions]
    if any(len(part) != len(region) for part, region in zip(parts, regions, strict=True)):
        return None
    overlaps = []
    for i, j in pairs(len(parts)):
        one = refutation((*base, *parts[i], *parts[j]))
        if one is None:
            return None
        overlaps.append(one)
    remainders = list(_remainders(base, tuple(parts)))
    if any(one is None for one in remainders):
        return None
    return Partition(
        label=label,
        given=given,
        regions=regions,
        overlaps=tuple(overlaps),
        remainders=tuple(one for one in remainders if one is not None),
    )


def _remainders(base: Readable, parts: tuple[Readable, ...]) -> Iterator[Refutation | None]:
    """In walking order, what refutes each way of escaping the regions; ``None`` for one that is not refuted."""
    found = refutation(base)
    if found is not None or not parts:
        yield found
        return
    inside = base
    for part, _ in parts[0]:
        for other in opposites(part):
            yield from _remainders((*inside, *readable((other,))), parts[1:])
        inside = (*inside, *readable((part,)))


def opposites(relation: Boolean) -> tuple[Boolean, ...]:
    """The relations of which one holds exactly where the given one does not (two strict ones for an equality)."""
    if relation.rel_op == "==":
        return (relation.lhs > relation.rhs, relation.lhs < relation.rhs)
    return (relation.negated,)


def pairs(count: int) -> Iterator[tuple[int, int]]:
    """Index pairs in the order of `Partition.overlaps`."""
    return ((i, j) for j, i in sorted((j, i) for i, j in combinations(range(count), 2)))


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)
