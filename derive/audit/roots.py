"""What is known of a quantity that an equation defines: where it lies, the equation, and the law's functions there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.prove import prove
from derive.shocks import Cdf, LawFunction, Overage
from derive.solution import Implicit
from derive.tree import free_symbols

__all__ = ["Known", "facts_of", "known", "needed"]


@dataclass(frozen=True)
class Known:
    """A root with the facts about it."""

    root: Implicit
    facts: tuple[Boolean, ...]


def known(roots: Iterable[Implicit], given: Sequence[Boolean]) -> tuple[Known, ...]:
    """The roots with what is known of them."""
    return tuple(Known(root, facts_of(root, given)) for root in roots)


def facts_of(root: Implicit, given: Sequence[Boolean]) -> tuple[Boolean, ...]:
    """The range of a root, its equation, and what the functions of a law satisfy strictly inside the support.

    Of a law at other arguments than the root only what holds everywhere is said.
    """
    z = root.symbol
    found: list[Boolean] = [bound for bound in (z > root.low, z < root.high) if bound not in (sympy.true, sympy.false)]
    found.append(sympy.Eq(root.equation, 0, evaluate=False))
    nodes = root.equation.atoms(LawFunction)
    for name in sorted({node.law for node in nodes}):
        arguments = sorted({node.argument for node in nodes if node.law == name}, key=str)
        if arguments == [z]:
            found += _inside(name, root, given)
            continue
        for argument in arguments:
            below, over = Cdf(name, argument), Overage(name, argument)
            found += [below >= 0, below <= 1, over >= 0]
    return tuple(found)


def _inside(name: str, root: Implicit, given: Sequence[Boolean]) -> list[Boolean]:
    """The cdf and the expected overage strictly inside the support, which is the range of the root."""
    z: Expr = root.symbol
    below, over = Cdf(name, z), Overage(name, z)
    found: list[Boolean] = [below > 0, below < 1, over > 0]
    if root.low.is_finite is not False and root.low != 0:
        found.append((z - root.low) * below - over > 0)
    if root.low.is_nonnegative or (root.low.is_finite is not False and prove(root.low >= 0, given) is not None):
        return [*found, z - over > 0, z * below - over > 0]
    return [*found, z - over > root.low] if root.low.is_finite is not False else found


def needed(spoken: frozenset[Symbol], roots: tuple[Known, ...]) -> tuple[Known, ...]:
    """The roots that are spoken of, directly or in the equations of such."""
    found: list[Known] = []
    while more := [one for one in roots if one.root.symbol in spoken and one not in found]:
        found += more
        spoken = spoken.union(*(free_symbols(part) for one in more for part in (one.root.equation, one.root.low, one.root.high)))
    return tuple(one for one in roots if one in found)
