"""What facts show at sight: points where they hold, parts of them that are short, the signs of their factors by the short ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from flint import fmpq, fmpq_mpoly
from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.prove.sights import EVERY, Mask, Sights
from derive.prove.slack import Parametrisation, parametrise, prove_by_slack, sign_by_slack
from derive.prove.space import Fraction
from derive.prove.theory import Theory, theory

POINTS = 24
FEW = 4  # points of the linear facts at which all hold, below which points are sought from all facts
SHORT = 2  # terms of a fact that is short though it is not linear


def parametrisation(known: Theory, avoid: int) -> Parametrisation:
    """The moves for a theory, found once."""
    if avoid not in known.parametrisations:
        known.parametrisations[avoid] = parametrise(known, avoid)
    found = known.parametrisations[avoid]
    assert isinstance(found, Parametrisation)
    return found


@dataclass(frozen=True)
class Seen:
    """Points at which all read facts of a theory hold: those of the `sights` that `where` tells."""

    sights: Sights
    where: Mask

    @property
    def exact(self) -> tuple[tuple[fmpq, ...], ...]:
        """Those with short numbers."""
        return tuple(point for point, holds in zip(self.sights.exact, self.where, strict=False) if holds)

    def signs(self, polynomial: fmpq_mpoly) -> set[int]:
        """The signs that a polynomial is seen to have."""
        return set(self.sights.signs(polynomial)[self.where].tolist()) & EVERY

    def refute(self, op: str, *factors: fmpq_mpoly) -> bool:
        """Whether ``product(factors) op 0`` is false at one of the points."""
        return bool((self.where & self.sights.fail(op, *factors)).any())


def seen(known: Theory) -> tuple[Seen, ...]:
    """Points at which all read facts of `known` hold; none may mean that there are none."""
    if known.clash is not None:
        return ()
    if known.seen is None:
        known.seen = tuple(_look(known))
    return known.seen


def _look(known: Theory) -> Iterator[Seen]:
    if any(fact.op == "=" and not fact.polynomial.is_zero() for fact in known.facts):
        return  # equations are solved before points are sought
    base = linear_part(known)
    first = _seen_of(known, base)
    yield first
    if base is not known and len(set(first.exact[:FEW])) < FEW:
        yield _seen_of(known, known)


def _seen_of(known: Theory, base: Theory) -> Seen:
    """The sights of `base`, whose facts are facts of `known` too."""
    if base.sights is None:
        base.sights = Sights(base.space, parametrisation(base, 0))
    sights = base.sights
    assert isinstance(sights, Sights)
    where = np.ones(sights.count, dtype=bool)
    for fact in known.facts:
        where &= sights.hold(fact.op, fact.polynomial)
    for sign in known.signs.values():
        if sign.op == "!=":
            where &= sights.hold("!=", sign.base)
    return Seen(sights, where)


def points(known: Theory) -> tuple[tuple[fmpq, ...], ...]:
    """Exact points at which all read facts of `known` hold, at most `POINTS` of each kind of sights."""
    if known.points is None:
        known.points = tuple(point for some in seen(known) for point in tuple(dict.fromkeys(some.exact))[:POINTS])
    return known.points if known.clash is None else ()


def signs_seen(known: Theory, polynomial: fmpq_mpoly) -> set[int]:
    """The signs that a polynomial has at points of `known`."""
    return set().union(*(some.signs(polynomial) for some in seen(known)))


def fails_somewhere(known: Theory, polynomial: fmpq_mpoly, op: str) -> bool:
    """Whether ``polynomial op 0`` is false at a point of `known`."""
    return not known.unread and any(some.refute(op, polynomial) for some in seen(known))


def fraction_fails(known: Theory, value: Fraction, op: str) -> bool:
    """Whether ``value op 0`` is false, or not defined, at a point of `known`."""
    return not known.unread and any(
        some.refute(op, value.numerator, value.denominator) or any(some.refute("!=", divisor) for divisor in value.divisors)
        for some in seen(known)
    )


def linear_part(known: Theory) -> Theory:
    """The theory of the linear facts alone: small, and shared by many questions."""
    return _part(known, 0)


def short_part(known: Theory) -> Theory:
    """The theory of the facts that are linear or have few terms: bounds that a substitution can start from."""
    return _part(known, SHORT)


def _part(known: Theory, terms: int) -> Theory:
    """The theory of the facts that are linear or have so few terms, found once."""
    if terms not in known.parts:
        kept = {
            fact.stated
            for fact in known.facts
            if fact.stated is not None and (int(fact.polynomial.total_degree()) <= 1 or len(fact.polynomial) <= terms)
        }
        whole = len(kept) == len(known.given)
        known.parts[terms] = known if whole else theory(tuple(fact for fact in known.given if fact in kept), known.space.symbols)
    return known.parts[terms]


@lru_cache(maxsize=512)
def saturated(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Theory:
    """The theory of `given` with the signs of the factors of all facts that slack substitution finds from the linear ones."""
    known = Theory(given, symbols)
    _saturate(known)
    return known


def _saturate(known: Theory) -> None:
    if known.clash is not None:
        return
    base = linear_part(known)
    if base is known or base.clash is not None:
        return
    chosen = parametrisation(base, 0)
    learned = False
    for fact in known.facts:
        for factor, _ in known.space.factor(fact.polynomial)[1]:
            sign = known.signs.get(known.space.key(factor))
            if sign is None or sign.op not in (">", "<") or int(factor.total_degree()) > 1:
                op = sign_by_slack(base, chosen, factor)
                if op is not None and known.learn(factor, op, partial(_slack_or_fail, base, chosen, factor, op)):
                    learned = True
                if known.clash is not None:
                    return
    if learned:
        known.propagate()


def _slack_or_fail(base: Theory, chosen: Parametrisation, factor: fmpq_mpoly, op: str) -> Certificate:
    proof = prove_by_slack(base, chosen, factor, op)
    assert proof is not None
    return proof
