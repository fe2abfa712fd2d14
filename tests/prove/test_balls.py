"""Claims with powers on one free symbol: known inequalities, their failures, and single changes of sign."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import pytest
from sympy import And, Eq, Expr, Implies, Le, Or, Rational, exp, log
from sympy.logic.boolalg import Boolean

from derive.audit.switching import decide_switch
from derive.certificates import Enclosed, Piece, Switched
from derive.check.certificates import Rejected, check
from derive.ir import Switches, symbols
from derive.prove import decide, from_text, to_text
from derive.prove.balls import refute_by_balls, truth
from derive.prove.enclose import prove_by_balls
from derive.prove.verdicts import Proved, Refuted

b, g, x, y, a = symbols("b gamma x y a")

TRUE: list[tuple[Boolean, list[Boolean]]] = [
    (x**x > Rational(69, 100), [x > 0, x <= 1]),  # the minimum is exp(-1/e) = 0.6922
    (2**x > x, [x > 0, x <= 10]),
    (exp(x) > 1 + x, [x > 0, x <= 3]),
    (log(x) < x - 1, [x > 1, x <= 3]),
    (x * log(x) > -Rational(37, 100), [x > 0, x <= 2]),  # the minimum is -1/e = -0.3679
    (x ** (-x) > 1, [Or(And(x > 0, x < 1), And(x >= Rational(1, 5), x <= Rational(1, 2)))]),
    # each end of the range by another member
    (Or(2**x > Rational(5, 2), x**x < Rational(7, 4), evaluate=False), [x > 0, x <= 2]),
    # a monopoly price k b/(b - 1) is above cost, so the quantity p**(-b) is below that of a price equal to cost
    ((3 * b / (b - 1)) ** (-b) < 3 ** (-b), [b > 1, b <= 6]),
    ((a * b / (b - 1)) ** (g - b) < a ** (g - b), [b > 1 + g, b <= 6, Eq(g, Rational(1, 2)), Eq(a, 2)]),
]
FALSE: list[tuple[Boolean, list[Boolean]]] = [
    (x**x > Rational(7, 10), [x > 0, x <= 1]),
    (2**x >= x**2, [x >= 1, x <= 5]),  # fails between 2 and 4
    (2**x > x + 1, [x >= 0, x <= Rational(1, 2)]),  # an equation at the closed end 0 (and false inside)
    ((1 + g) ** b > 1, [Eq(b, 4), g >= 0, g < 3]),  # an equation at gamma = 0 only
    ((1 + g) ** b > 1, [Or(And(Eq(g, 1), b > 2, b <= 4), And(Eq(b, 4), g >= 0, g < 3))]),
    (Or(2**x > 3, x**x < Rational(3, 2), evaluate=False), [x > 0, x <= 2]),  # neither at 3/2
]


@pytest.mark.parametrize(("claim", "given"), TRUE, ids=str)
def test_true_claims_are_proved_and_replayed(claim: Boolean, given: list[Boolean]) -> None:
    assert refute_by_balls(claim, given) is None
    proof = prove_by_balls(claim, given)
    assert proof is not None
    check(proof)
    assert from_text(to_text(proof)) == proof


@pytest.mark.parametrize(("claim", "given"), FALSE, ids=str)
def test_false_claims_are_refuted_at_an_admissible_point(claim: Boolean, given: list[Boolean]) -> None:
    assert prove_by_balls(claim, given) is None
    found = refute_by_balls(claim, given)
    assert isinstance(found, Refuted)
    point = dict(found.witness)
    assert all(truth(fact, point) for fact in given)
    assert truth(claim, point) is False


def test_the_edge_where_both_sides_are_equal_is_found() -> None:
    found = refute_by_balls(*FALSE[3])
    assert found is not None
    assert dict(found.witness)[g] == 0


def test_nothing_is_concluded_outside_of_what_is_attempted() -> None:
    assert prove_by_balls(x**y > 0, [x > 0, y > 0]) is None
    assert prove_by_balls(x**x > Rational(1, 2), [x > 0]) is None
    assert prove_by_balls((x - 2) ** Rational(1, 2) > -1, [x > 0, x < 3]) is None


def test_decide_uses_both() -> None:
    assert isinstance(decide(exp(x) > 1 + x, [x > 0, x <= 3]), Proved)
    assert isinstance(decide(2**x >= x**2, [x >= 1, x <= 5]), Refuted)


FALLING = [
    (2 - x**x, [x > 0, x <= 3], lambda t: 2 - t**t, 1.5),
    (x - 2**x / 3, [x >= 1, x <= 5], lambda t: t - mpmath.mpf(2) ** t / 3, 3.3),
    (3 ** (1 / x) - 2 * x, [x > 0, x <= 4], lambda t: mpmath.mpf(3) ** (1 / t) - 2 * t, 1),
    (1 - log(x), [x > 0, x <= 5], lambda t: 1 - mpmath.log(t), 2.7),
]


@pytest.mark.parametrize(("expression", "given", "numeric", "guess"), FALLING, ids=lambda value: str(value)[:20])
def test_thresholds_are_bracketed(expression: Expr, given: list[Boolean], numeric: object, guess: float) -> None:
    verdict = decide_switch(Switches(expression, x), given)
    assert isinstance(verdict, Proved)
    proof = verdict.certificate
    assert isinstance(proof, Switched)
    check(proof)
    assert from_text(to_text(proof)) == proof
    assert proof.high - proof.low <= Rational(1, 1000)
    assert proof.low < Rational(str(mpmath.findroot(numeric, guess))) < proof.high


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        (2 - x, [x >= 2, x <= 3]),  # zero at the closed left end
        (x**x - 2, [x >= 1, x <= 3]),  # rises instead
        ((1 - x) * (2 - x) * (3 - x), [x >= 0, x <= 4]),  # three changes
        (2**x, [x >= 0, x <= 1]),  # none
    ],
)
def test_wrong_patterns_are_refuted(expression: Expr, given: list[Boolean]) -> None:
    verdict = decide_switch(Switches(expression, x), given)
    assert isinstance(verdict, Refuted)
    assert all(truth(fact, dict(verdict.witness)) for fact in given)


def test_switches_under_an_equation_on_joined_windows() -> None:
    given = [Or(And(Eq(g, 1), b > 2, b <= 4), And(Eq(b, 4), g >= 0, g < 3))]
    claim = And(Implies(Eq(g, 1), Switches(9 - b**2 * g, b)), Implies(Eq(b, 4), Switches(b - 2**g, g)))
    assert isinstance(decide_switch(claim, given), Proved)


# --- forgeries ---------------------------------------------------------------------------------------------------------


def _genuine() -> Enclosed:
    proof = prove_by_balls(x**x > Rational(69, 100), [x > 0, x <= 1])
    assert isinstance(proof, Enclosed)
    check(proof)
    return proof


def test_forged_enclosures_are_rejected() -> None:
    proof = _genuine()
    (only,) = proof.enclosures
    whole = (Piece(proof.low, proof.high, False),)
    forged = [
        replace(proof, claim=x**x > Rational(7, 10)),
        replace(proof, claim=x**x < Rational(69, 100)),
        replace(proof, given=(x > 0, x <= 2)),
        replace(proof, given=(x <= 1,)),
        replace(proof, high=Rational(1, 2)),
        replace(proof, compared=(x**x, Rational(1, 2))),
        replace(proof, compared=None),
        replace(proof, enclosures=()),
        replace(proof, enclosures=(replace(only, sign=-1),)),
        replace(proof, enclosures=(replace(only, pieces=only.pieces[1:]),)),
        replace(proof, enclosures=(replace(only, pieces=only.pieces[:-1]),)),
        replace(proof, enclosures=(replace(only, pieces=whole),)),
    ]
    for forgery in forged:
        with pytest.raises((Rejected, IndexError)):
            check(forgery)


def test_forged_changes_of_sign_are_rejected() -> None:
    verdict = decide_switch(Switches(2 - x**x, x), [x > 0, x <= 3])
    assert isinstance(verdict, Proved)
    proof = verdict.certificate
    assert isinstance(proof, Switched)
    for forgery in (
        replace(proof, low=proof.low - 1),
        replace(proof, high=proof.high + 1),
        replace(proof, before=proof.after),
        replace(proof, claim=Switches(3 - x**x, x)),
        replace(proof, compared=None),
        replace(proof, given=(x > 0, Le(x, 4))),
    ):
        with pytest.raises(Rejected):
            check(forgery)


def test_a_counterexample_near_an_open_end_is_told_in_few_digits() -> None:
    b, x = symbols("b x")
    found = refute_by_balls((b - 2) * x**b > x**b / 20, (b > 2, x > 0))  # fails up to b = 41/20
    assert found is not None
    assert len(str(dict(found.witness)[b])) <= 5


def test_a_single_turn_for_every_value_of_the_other_symbols() -> None:
    given = [a > 0, a < Rational(1, 2), g >= 0, Eq(b, 4), b > g + 1]
    claim = Switches((20 * a - g * (3 + 2 * a)) / (b - g - 1), g)
    verdict = decide_switch(claim, given)
    assert isinstance(verdict, Proved)
    check(verdict.certificate)
    # with a as large as one, the turn would come after the end of the range
    assert not isinstance(decide_switch(claim, [a > 0, a <= 1, *given[2:]]), Proved)


def test_what_keeps_its_sign_does_not_switch() -> None:
    verdict = decide_switch(Switches(-a / (1 + x), x), [a > 0, x >= 1])
    assert isinstance(verdict, Refuted)
    assert dict(verdict.witness).keys() >= {a, x}
