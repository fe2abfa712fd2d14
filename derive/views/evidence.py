"""Verdicts in words: how a thing was proved, in which regimes, and how a claim reads at a point where it fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sympy import And, Expr, Implies, N, Or, Rational
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import certificates as kinds
from derive.prove.verdicts import Witness
from derive.views.lines import listed
from derive.views.relations import relation_text

AT_SIGHT = "at sight, with the derived values put in"
DIGITS = (6, 15)

Regimes = tuple[tuple[str, str], ...]
"""Protocols with the regime of each that is spoken of."""

_WAYS: dict[type[kinds.Certificate], str] = {
    kinds.Assumed: "from a known condition",
    kinds.Denominator: "since a denominator is not zero",
    kinds.Factors: "by the signs of factors",
    kinds.Slack: "by writing each bounded quantity as its bound and the rest",
    kinds.Products: "by adding up products of known inequalities",
    kinds.Squares: "as a sum of squares",
    kinds.Contradiction: "by contradiction",
    kinds.Opposed: "by contradiction",
    kinds.Cases: "by cases",
    kinds.Using: "by intermediate inequalities",
    kinds.Alternatives: "since not all alternatives can fail",
    kinds.PowerOrder: "since powers are ordered as their bases are",
    kinds.PowerTangent: "by the tangent of a power",
    kinds.KnownBound: "by a bound of the logarithm",
    kinds.Chain: "by a chain of inequalities",
    kinds.Enclosed: "by enclosing values in intervals",
    kinds.Switched: "by enclosing the change of sign",
}


def way(certificate: kinds.Certificate) -> str:
    """How a certificate proves what it proves, in words."""
    match certificate:
        case kinds.Factors(factors=()):
            return AT_SIGHT
        case kinds.Conjunction():
            found = list(dict.fromkeys(one for part in certificate.parts if (one := way(part)) != AT_SIGHT))
            return listed(found, "and") or AT_SIGHT
        case kinds.Eliminated() | kinds.Named() | kinds.Abstracted():
            return way(certificate.proof)
        case kinds.Member():
            return way(certificate.part)
        case _:
            return _WAYS[type(certificate)]


def named_ways(names: Iterable[str]) -> str:
    """Kinds of certificate by their names, in words, each way once."""
    told = (_WAYS.get(vars(kinds)[name]) for name in names)
    return listed(list(dict.fromkeys(one for one in told if one)), "and")


def joined(parts: Iterable[Boolean]) -> str:
    """Relations that hold together, in words."""
    told = [relation_text(one) if isinstance(one, Relational) else spoken(one) for one in parts]
    return listed([f"({one})" if len(told) > 1 and " or " in one else one for one in told], "and")


def spoken(claim: Boolean) -> str:
    """A claim in words."""
    if isinstance(claim, And | Or):
        word = " and " if isinstance(claim, And) else " or "
        return word.join(f"({spoken(part)})" if isinstance(part, And | Or) else spoken(part) for part in claim.args)
    return relation_text(claim) if isinstance(claim, Relational) else str(claim).lower()


def where(places: Sequence[Regimes], single: frozenset[str]) -> str:
    """Combinations of regimes; a protocol among `single` has only one, which needs no name."""
    told = []
    if places and all(protocol in single for one in places for protocol, _ in one):
        return "; ".join(dict.fromkeys(listed([protocol for protocol, _ in one], "and") for one in places))
    for first, members in groupby(dict.fromkeys(places), key=lambda one: one[:-1]):
        last = [one[-1] for one in members if one]
        begun = [_one(protocol, (name,), single) for protocol, name in first]
        for protocol, group in groupby(last, key=lambda one: one[0]):
            told.append(" with ".join([*begun, _one(protocol, [name for _, name in group], single)]))
    return "; ".join(dict.fromkeys(one for one in told if one))


def _one(protocol: str, names: Sequence[str], single: frozenset[str]) -> str:
    if protocol in single:
        return protocol
    return f"{protocol} regime{'s' if len(names) > 1 else ''} {listed(list(names), 'or' if any(',' in n for n in names) else 'and')}"


# --- a claim at a point ------------------------------------------------------------------------------------------------------


def reading(claim: Boolean, point: Witness) -> str:
    """How the part of a claim that fails at a point reads there, in numbers; empty where it has none."""
    failing = _failing(claim, dict(point))
    if failing is None:
        return ""
    exact = all(side.is_Integer for side in failing.args) or failing.lhs == failing.rhs
    for digits in DIGITS:
        left, right = (_number(side, digits) for side in failing.args)
        if exact or left != right:
            break
    return f"{left} {'=' if failing.rel_op == '==' else failing.rel_op} {right}"


def _number(value: Expr, digits: int) -> str:
    """A number to some digits, without zeros at its end."""
    text = str(value) if value.is_Integer else str(N(value, digits))
    return re.sub(r"(\.\d*?)0+(?=$|e)", r"\1", text).removesuffix(".")


def _failing(claim: Boolean, point: Mapping[Expr, Rational]) -> Relational | None:
    match claim:
        case And():
            return next((found for part in claim.args if (found := _failing(part, point)) is not None), None)
        case Implies():
            return _failing(claim.args[1], point)
        case Relational():
            there = claim.func(claim.lhs.xreplace(point), claim.rhs.xreplace(point), evaluate=False)
            known = all(side.is_number and side.is_finite for side in there.args)
            return there if known and there.doit() == False else None  # noqa: E712
        case _:
            return None
