"""What facts show at sight: points where they hold, parts of them that are short, the signs of their factors by the short ones."""

from __future__ import annotations

from functools import lru_cache, partial

from flint import fmpq, fmpq_mpoly
from sympy import Symbol
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.prove.slack import Parametrisation, candidates, parametrise, prove_by_slack, sample, sign_by_slack
from derive.prove.theory import Theory, holds, theory

POINTS = 24
TRIES = 60
SHORT = 2  # terms of a fact that is short though it is not linear


def parametrisation(known: Theory, avoid: int) -> Parametrisation:
    """The moves for a theory, found once."""
    if avoid not in known.parametrisations:
        known.parametrisations[avoid] = parametrise(known, avoid)
    found = known.parametrisations[avoid]
    assert isinstance(found, Parametrisation)
    return found


def points(known: Theory) -> tuple[tuple[fmpq, ...], ...]:
    """Points where all read facts of `known` hold; none may mean that there are none."""
    if known.clash is not None:
        return ()
    if known.points is None and any(fact.op == "=" and not fact.polynomial.is_zero() for fact in known.facts):
        known.points = ()  # equations are solved before points are sought
    if known.points is None:
        base = linear_part(known)
        if base.candidates is None:
            base.candidates = tuple(candidates(base.space, parametrisation(base, 0), TRIES))
        found = sample(known, base.candidates, POINTS)
        if len(found) < 4 and base is not known:
            found += sample(known, candidates(known.space, parametrisation(known, 0), TRIES), POINTS)
        known.points = tuple(found)
    return known.points


def fails_somewhere(known: Theory, polynomial: fmpq_mpoly, op: str) -> tuple[fmpq, ...] | None:
    """A point of `known` at which ``polynomial op 0`` is false."""
    if known.unread:
        return None
    return next((p for p in points(known) if not holds(known.space.value(polynomial, p), op)), None)


def linear_part(known: Theory) -> Theory:
    """The theory of the linear facts alone: small, and shared by many questions."""
    linear = [fact.stated for fact in known.facts if fact.stated is not None and int(fact.polynomial.total_degree()) <= 1]
    if len(linear) == len(known.given):
        return known
    return theory(tuple(fact for fact in known.given if fact in linear), known.space.symbols)


def short_part(known: Theory) -> Theory:
    """The theory of the facts that are linear or have few terms: bounds that a substitution can start from."""
    short = [
        fact.stated
        for fact in known.facts
        if fact.stated is not None and (int(fact.polynomial.total_degree()) <= 1 or len(fact.polynomial) <= SHORT)
    ]
    if len(short) == len(known.given):
        return known
    return theory(tuple(fact for fact in known.given if fact in short), known.space.symbols)


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
