"""Claims that something switches its sign once, held against its sign along the whole path that the parameter takes."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sympy import Eq, Expr, Gt, Integer, Rational, lambdify, oo
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean

from derive.audit.judge import judge
from derive.audit.judgements import PROVED, REFUTED, UNDECIDED
from derive.audit.setting import Setting
from derive.audit.switching import decide_switch
from derive.certificates import Switched
from derive.check.certificates import Rejected, check
from derive.ir import At, Claim, Slope, Switches, symbols
from derive.prove.verdicts import Proved, Refuted, Undecided
from derive.solution import Implicit, Regime, Solution

a, b, n, x, v = symbols("a b n x v")
POSITIVE = (a > 0, b > 0)
GRID = np.linspace(0, 5, 5001)


def status(claim: Boolean, given: tuple[Boolean, ...], *regimes: Regime, integers: frozenset = frozenset()) -> str:
    solution = Solution("m", "P", "", given, regimes, ())
    (judgement,) = judge(Claim("c", "", claim), Setting((solution,), integers=integers))
    return judgement.status


def plain(value: Expr, region: tuple[Boolean, ...] = (), name: str = "1", **details: object) -> Regime:
    return Regime(name, region, ((v, value),), **details)


def test_what_switches_in_another_regime_is_not_refuted_in_the_first() -> None:
    """Sales ``min(a/2, 2)`` exceed ``a/4`` up to ``a = 8``, beyond the regime in which the capacity does not bind."""
    regimes = plain(a / 2, (a < 4,)), plain(Integer(2), (a >= 4,), "2")
    assert status(Switches(At(v, "P") - a / 4, a), (a > 0, a < 10), *regimes) == UNDECIDED


@pytest.mark.parametrize("bound", [a < b, a**2 < b, a * b < 1], ids=str)
def test_a_range_that_other_parameters_bound_is_not_taken_for_all_of_it(bound: Relational) -> None:
    """With ``b = 1/2``, or ``b = 3`` in the last case, the parameter does not reach one."""
    given = (*POSITIVE, a < 4, b < 4, bound)
    assert status(Switches(1 - At(v, "P"), a), given, plain(a)) != PROVED
    number = 3 if bound == (a * b < 1) else Rational(1, 2)
    assert status(Switches(1 - At(v, "P"), a), (*given, Eq(b, number)), plain(a)) != PROVED


def test_no_witness_lies_beyond_a_bound_that_is_not_linear() -> None:
    """Up to the root of two there is one change of sign."""
    claim = Switches((1 - At(v, "P")) * (Rational(3, 2) - At(v, "P")) * (2 - At(v, "P")), a)
    assert status(claim, (a > 0, a**2 < b, Eq(b, 2)), plain(a)) != REFUTED


def test_fractions_say_nothing_of_a_whole_parameter() -> None:
    """Positive up to three, negative at four, five, six, ..., whatever happens between five and six."""
    value = (Rational(7, 2) - n) * (n - Rational(26, 5)) * (n - Rational(28, 5))
    given = (n >= 1, n <= 10)
    assert status(Switches(At(v, "P"), n), given, plain(value)) == REFUTED
    assert status(Switches(At(v, "P"), n), given, plain(value), integers=frozenset({n})) != REFUTED


def test_a_root_moves_with_the_parameter() -> None:
    """``x + x**3 = a``: up to ``a = 10`` it passes one, so ``1 - x`` switches; it does not if ``a`` stays below two."""
    root = Implicit(x, a - x - x**3, Integer(0), oo, -1)
    claim = Switches(1 - At(x, "P"), a)
    assert status(claim, (a > 0, a < 10), Regime("1", (), (), (root,))) != REFUTED
    assert status(claim, (a > 0, a < Rational(3, 2)), Regime("1", (), (), (root,))) != PROVED
    assert status(Switches(3 - Slope(At(x, "P"), a) - a, a), (a > 0, a < 2), Regime("1", (), (), (root,))) == UNDECIDED


def test_what_stands_beside_a_switch_is_part_of_the_claim() -> None:
    """``a > 1`` does not hold all along; and where the switch is open, its condition is not that of the whole claim."""
    beside, given = And(Switches(2 - a, a), Gt(a, 1), evaluate=False), (a > 0, a < 4)
    assert isinstance(decide_switch(beside, given), Refuted)
    assert isinstance(decide_switch(And(Switches(b - a * b, a), Gt(b, 1), evaluate=False), (a > 0, b > 0)), Refuted)
    assert isinstance(decide_switch(beside, given, refutable=False), Undecided)
    assert isinstance(decide_switch(beside, given, integers=frozenset({a})), Undecided | Refuted)


def test_a_switch_beyond_what_is_given_of_the_parameter_is_rejected() -> None:
    proof = decide_switch(Switches(2 - a, a), (a > 0, a < 4))
    assert isinstance(proof, Proved)
    genuine = proof.certificate
    assert isinstance(genuine, Switched)
    check(genuine)
    for bound in (a < 1, a**2 < 1, a < b):
        forged = replace(genuine, given=(*genuine.given, bound))
        with pytest.raises(Rejected):
            check(forged)


@pytest.mark.parametrize("seed", range(8))
def test_no_verdict_on_a_random_switch_is_untrue(seed: int) -> None:
    """Products of lines in ``a``, on ranges that rest on ``b`` or not, with ``b`` given or any of four numbers."""
    chance = random.Random(seed)

    def number(low: int, high: int) -> Rational:
        return Rational(chance.randint(low, high), chance.randint(1, 3))

    bounds = (a < 4, a < b, a**2 < b, a <= 3, a < 2 * b + 1, a > Rational(1, 2), a >= 1, a + b < 5)
    for _ in range(2):
        expression = Integer(chance.choice((1, -1)))
        for _ in range(chance.randint(1, 2)):
            expression *= number(0, 7) - a + chance.choice((0, 0, b, -b / 2))
        given = (a > 0, b > 0, b < 4, a < 5, *chance.sample(bounds, 2))
        fixed = number(1, 6) if chance.random() < 0.7 else None
        given += (Eq(b, fixed),) if fixed is not None and fixed < 4 else ()
        found = status(Switches(At(v, "P"), a), given, plain(expression))
        values = [fixed] if fixed is not None else [Rational(1, 3), Rational(1), Rational(2), Rational(7, 2)]
        truths = [_switches(expression.xreplace({b: value}), [fact.xreplace({b: value}) for fact in given]) for value in values]
        if found == PROVED:
            assert False not in truths, (expression, given)
        elif found == REFUTED and fixed is not None:
            assert True not in truths, (expression, given)


def _switches(expression: Expr, given: list[Boolean]) -> bool | None:
    """Whether the signs on a grid of the range are plus, then minus; None where the range is empty."""
    values, inside = (np.broadcast_to(f(GRID), GRID.shape) for f in (lambdify(a, expression), lambdify(a, And(*given))))
    signs = np.sign(values[inside & (np.abs(values) > 1e-9)])
    turns = [(one, other) for one, other in pairwise(signs) if one != other]
    return turns == [(1, -1)] if inside.any() else None
