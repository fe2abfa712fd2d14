"""Whether there is a law with the values that a point gives to the functions of an unknown one.

A law on ``[low, high]`` may have any cdf ``F`` at ``z > low`` between zero and one together with any expected overage ``Lambda``
between zero and ``(z - low) F``. A power law ``F(x) = ((x - low)/(h - low))**k`` with ``k + 1 = (z - low) F/Lambda`` and the ``h``
that gives ``F`` at ``z`` has both; so has, where there is no upper end, a Weibull law: at given ``F`` its overage falls from
``(z - low) F`` to zero as its exponent rises. From ``low = 0`` on both have an increasing generalised failure rate; from any other
``low >= 0`` on, and for an increasing failure rate, the exponent has to be at least one, for which ``2 Lambda <= (z - low) F`` suffices
(the exponential law's overage is no less than half of ``(z - low) F``). Mean and upper end are those of that law: so nothing else may
be said of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Symbol, oo
from sympy.core.relational import GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import Boolean

from derive.audit.scatter import Places
from derive.field import NotRational, normal
from derive.ir import GeneralDistribution
from derive.prove.masks import Mask
from derive.shocks import Cdf, LawFunction, Overage
from derive.tree import free_symbols

__all__ = ["NAMED", "Laws", "realised"]


@dataclass(frozen=True)
class Laws:
    """The laws of a statement that are known by their properties alone, the `roots` by which values are told in a region, and what is
    `stated` of that region: its relations, but for what is known of the roots."""

    known: tuple[GeneralDistribution, ...] = ()
    roots: frozenset[Symbol] = frozenset()
    stated: tuple[Boolean, ...] = ()

    def beside(self, other: Laws) -> Laws:
        """The same laws in a region that two have in common."""
        return Laws(self.known, self.roots | other.roots, tuple(dict.fromkeys((*self.stated, *other.stated))))

    @property
    def chosen(self) -> tuple[Expr, ...]:
        """The means and upper ends."""
        return tuple(end for law in self.known for end in (law.mean, law.high) if end != oo)

    def silent_on(self, symbols: Iterable[Symbol]) -> bool:
        """Whether neither these symbols nor what is stated have to do with a law: then there is an equilibrium, of whatever law,
        with these values."""
        spoken = set(symbols).union(*map(free_symbols, self.stated))
        return not spoken & self.roots and not any(fact.has(LawFunction) for fact in self.stated)


NAMED = Laws()
"""No law that is known by its properties alone."""


def realised(laws: Laws, places: Places, spoken: Iterable[Symbol], given: Sequence[Boolean]) -> Mask:
    """At which of the points where all of `given` hold there are laws with the values there, where `spoken` is all that is told."""
    symbols = frozenset(spoken)
    everywhere = np.ones(len(places), dtype=bool)
    if laws.silent_on(symbols):
        return everywhere
    if not set(laws.stated) <= set(given) or (places.unknown and len(set(laws.chosen)) < len(laws.chosen)):
        return ~everywhere
    nodes = [node for node in places.unknown if isinstance(node, LawFunction)]
    found = everywhere
    for name in sorted({node.law for node in nodes}):
        law = next((one for one in laws.known if one.cdf == name), None)
        if law is None:
            return ~everywhere
        found = found & _one(law, [node for node in nodes if node.law == name], places, symbols, given)
    return found


def _one(
    law: GeneralDistribution, nodes: Sequence[LawFunction], places: Places, spoken: frozenset[Symbol], given: Sequence[Boolean]
) -> Mask:
    nowhere = np.zeros(len(places), dtype=bool)
    arguments = {node.argument for node in nodes}
    if len(arguments) != 1 or not all(isinstance(node, Cdf | Overage) for node in nodes) or not law.low.is_finite:
        return nowhere
    (z,) = arguments
    chosen = {end for end in (law.mean, law.high) if end != oo}
    if not all(isinstance(end, Symbol) for end in chosen) or chosen & {*spoken, *free_symbols(law.low)}:
        return nowhere
    if not all(_follows(fact, law, z) for fact in given if free_symbols(fact) & chosen):
        return nowhere
    here = places.signs(z - law.low) > 0
    below, over = Cdf(law.cdf, z), Overage(law.cdf, z)
    if below in places.unknown:
        here &= (places.signs(below) > 0) & (places.signs(1 - below) > 0)
    most = (z - law.low) * (below if below in places.unknown else 1)
    if over in places.unknown:
        here &= (places.signs(over) > 0) & (places.signs(most - over) > 0)
    steep = law.ifr or (law.igfr and law.low != 0)
    if not steep:
        return here
    here &= (places.signs(law.low) >= 0) if law.low != 0 else True
    both = below in places.unknown and over in places.unknown
    return here & (places.signs(most - 2 * over) > 0) if both else here & (over not in places.unknown)


def _follows(fact: Boolean, law: GeneralDistribution, z: Expr) -> bool:
    """Whether a fact about the mean or the upper end holds for every law on the support."""
    if not isinstance(fact, GreaterThan | LessThan | StrictGreaterThan | StrictLessThan):
        return False
    try:
        gap = normal(fact.gts - fact.lts)
        return gap in {normal(one) for one in _orders(law, z)}
    except NotRational:
        return False


def _orders(law: GeneralDistribution, z: Expr) -> list[Expr]:
    """What is positive for every law with values at ``z`` strictly between nothing and all."""
    found = [law.mean - law.low]
    if law.high != oo:
        found += [law.high - law.low, law.high - law.mean, law.high - z]
    return found + ([law.mean, *([law.high] if law.high != oo else [])] if law.low.is_nonnegative else [])
