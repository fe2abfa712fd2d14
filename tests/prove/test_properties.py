"""Random claims: what is true by construction is never refuted, what is decided agrees with evaluation at random points."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Ne, Poly, fraction, together, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.check.certificates import check
from derive.ir import symbols
from derive.prove import HoldsIff, Proved, Refuted, Vacuous, decide, from_text, prove, refute, to_text, witness
from derive.prove.verdicts import Witness

X = symbols("x y z")
FEW = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

coefficients = st.integers(-3, 3)
linear = st.tuples(coefficients, coefficients, coefficients, coefficients).map(
    lambda c: c[0] * X[0] + c[1] * X[1] + c[2] * X[2] + c[3]
)


Point = tuple[Fraction, ...]
HOLDS = {Gt: gt, Ge: ge, Lt: lt, Le: le, Eq: eq, Ne: ne}


def true_at(statement: Boolean, point: Point) -> bool:
    """Evaluation in Python's own fractions, relation by relation."""
    if isinstance(statement, And):
        return all(true_at(part, point) for part in statement.args)
    if not isinstance(statement, Relational):
        return statement == true
    total = Fraction(0)
    for powers, coefficient in _terms(statement):
        term = coefficient
        for value, power in zip(point, powers, strict=True):
            term *= value**power
        total += term
    return bool(HOLDS[type(statement)](total, 0))


@lru_cache(maxsize=1000)
def _terms(statement: Relational) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
    top, bottom = fraction(together(statement.lhs - statement.rhs))
    polynomial = Poly(top * bottom if isinstance(statement, Gt | Ge | Lt | Le) else top, *X)
    return tuple((powers, Fraction(int(c.p), int(c.q))) for powers, c in polynomial.terms())


def random_points(seed: int, count: int) -> list[Point]:
    random = Random(seed)
    return [tuple(Fraction(random.randint(-24, 24), random.randint(1, 6)) for _ in X) for _ in range(count)]


def at(witness: Witness) -> Point:
    values = dict(witness)
    return tuple(Fraction(int(values[x].p), int(values[x].q)) if x in values else Fraction(0) for x in X)


def greater(left: Expr, strict: bool) -> Relational:
    return left > 0 if strict else left >= 0


def symbolic(forms: list[Expr]) -> list[Expr]:
    return [form for form in forms if form.free_symbols]


@FEW
@given(st.lists(linear, min_size=1, max_size=3), st.lists(st.integers(0, 3), min_size=6, max_size=6), linear, st.integers(1, 4))
def test_what_is_true_by_construction_is_not_refuted(forms: list[Expr], weights: list[int], root: Expr, slack: int) -> None:
    facts = symbolic(forms)
    assumptions = [greater(form, True) for form in facts]
    total: Expr = Integer(slack) + root**2
    products = [*facts, *(a * b for i, a in enumerate(facts) for b in facts[i:])]
    for weight, product in zip(weights, products, strict=False):
        total += weight * product
    claim = greater(total.expand(), True)
    if not isinstance(claim, Relational):
        return
    verdict = decide(claim, assumptions, work=3000)
    assert not isinstance(verdict, Refuted | HoldsIff)
    if isinstance(verdict, Proved | Vacuous):
        check(verdict.certificate)
        assert from_text(to_text(verdict.certificate)) == verdict.certificate


@FEW
@given(st.lists(linear, min_size=0, max_size=3), linear, linear, coefficients, st.booleans(), st.integers(0, 10**6))
def test_random_claims_are_never_decided_wrongly(
    forms: list[Expr], one: Expr, other: Expr, shift: int, strict: bool, seed: int
) -> None:
    assumptions: list[Boolean] = [greater(form, i % 2 == 0) for i, form in enumerate(symbolic(forms))]
    claim = greater((one * other + shift).expand(), strict)
    if not isinstance(claim, Relational):
        return
    verdict = decide(claim, assumptions, work=3000)
    admissible = [p for p in random_points(seed, 200) if all(true_at(fact, p) for fact in assumptions)]
    truth = [true_at(claim, point) for point in admissible]
    if isinstance(verdict, Proved):
        check(verdict.certificate)
        assert all(truth)
    elif isinstance(verdict, Refuted):
        assert not true_at(claim, at(verdict.witness))
        assert all(true_at(fact, at(verdict.witness)) for fact in assumptions)
    elif isinstance(verdict, HoldsIff):
        check(verdict.sufficient)
        check(verdict.necessary)
        assert truth == [true_at(verdict.condition, point) for point in admissible]
    elif isinstance(verdict, Vacuous):
        check(verdict.certificate)
        assert not admissible


@FEW
@given(st.lists(linear, min_size=2, max_size=5), st.integers(0, 10**6))
def test_refutations_and_witnesses_exclude_each_other(forms: list[Expr], seed: int) -> None:
    assumptions: list[Boolean] = [greater(form, i % 2 == 0) for i, form in enumerate(symbolic(forms))]
    proof, point = refute(assumptions, work=2000), witness(assumptions)
    assert proof is None or point is None
    if proof is not None:
        check(proof)
        assert not any(all(true_at(fact, p) for fact in assumptions) for p in random_points(seed, 100))
    else:
        # linear systems are decided one way or the other
        assert point is not None


@FEW
@given(st.lists(linear, min_size=1, max_size=2), linear, linear, st.booleans())
def test_fractions_are_not_proved_where_undefined(forms: list[Expr], top: Expr, bottom: Expr, strict: bool) -> None:
    if not bottom.free_symbols:
        return
    assumptions = [greater(form, False) for form in symbolic(forms)]
    claim = greater(top / bottom, strict)
    if not isinstance(claim, Relational):
        return
    proof = prove(claim, assumptions, work=2000)
    if proof is not None:
        check(proof)
        assert witness([*assumptions, *([] if not proof else [bottom <= 0, bottom >= 0])]) is None


@FEW
@given(
    st.lists(linear, min_size=2, max_size=4),
    st.lists(st.integers(1, 3), min_size=4, max_size=4),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_signs_of_products_are_not_signs_of_their_factors(
    forms: list[Expr], powers: list[int], strict: bool, seed: int
) -> None:
    factors = symbolic(forms)
    if len(factors) < 2:
        return
    assumptions: list[Boolean] = [(factors[0] * factors[1] > 0), *(greater(form, strict) for form in factors[2:3])]
    product: Expr = Integer(1)
    for form, power in zip(factors, powers, strict=False):
        product *= form**power
    claim = greater(product, strict)
    if not isinstance(claim, Relational) or not all(isinstance(fact, Relational) for fact in assumptions):
        return
    proof = prove(claim, assumptions, work=1000)
    if proof is not None:
        check(proof)
        admissible = [p for p in random_points(seed, 100) if all(true_at(fact, p) for fact in assumptions)]
        assert all(true_at(claim, point) for point in admissible)
