"""Claims that a quantity is first positive, then negative: one threshold, with a rational bracket."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import And, Rational, Symbol
from sympy.core.relational import Equality, Relational
from sympy.logic.boolalg import Boolean

from derive.ir import Switches
from derive.prove import decide
from derive.prove.verdicts import Undecided, Verdict


def speaks_of_switching(claim: Boolean) -> bool:
    """Whether the claim contains a `Switches`."""
    return bool(claim.atoms(Switches))


def decide_switch(claim: Boolean, given: Sequence[Boolean]) -> Verdict:
    """A conjunction with `Switches` terms. Proved when each expression falls through zero once on its range."""
    parts = claim.args if isinstance(claim, And) else (claim,)
    verdict: Verdict | None = None
    for part in parts:
        if isinstance(part, Switches):
            verdict = _one(part, given)
        elif part.atoms(Switches):
            return Undecided(obligation=claim, tried=("a single change of sign inside another connective",), smt="unknown")
        else:
            verdict = decide(part, given)
        if type(verdict).__name__ != "Proved":
            return verdict
    assert verdict is not None
    return verdict


def _one(claim: Switches, given: Sequence[Boolean]) -> Verdict:
    expression, parameter = claim.args
    low, high = _range(parameter, given)
    if low is None or high is None:
        return Undecided(obligation=claim, tried=("the range of the parameter is not bounded",), smt="unknown")
    falling = decide(expression.diff(parameter) < 0, given)
    if type(falling).__name__ != "Proved":
        return Undecided(obligation=claim, tried=("that the expression falls throughout",), smt="unknown")
    at_low, at_high = (expression.xreplace({parameter: end}) for end in (low, high))
    signs = decide(And(at_low > 0, at_high < 0), tuple(r for r in given if parameter not in r.free_symbols))
    return falling if type(signs).__name__ == "Proved" else signs


def _range(parameter: Symbol, given: Sequence[Boolean]) -> tuple[Rational | None, Rational | None]:
    low: Rational | None = None
    high: Rational | None = None
    for relation in given:
        if not isinstance(relation, Relational) or relation.free_symbols != {parameter} or isinstance(relation, Equality):
            continue
        greater = relation if isinstance(relation, sympy.Gt | sympy.Ge) else relation.reversed
        if greater.lhs == parameter and greater.rhs.is_Rational:
            low = greater.rhs if low is None else max(low, greater.rhs)
        if greater.rhs == parameter and greater.lhs.is_Rational:
            high = greater.lhs if high is None else min(high, greater.lhs)
    return low, high
