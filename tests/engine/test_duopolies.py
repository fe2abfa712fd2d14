"""Games of a few named players whose conditions are solved in turn: unlike Cournot rivals, contests, and a quadratic that is left.

The expected values are derived by hand, as the docstrings say: sums or ratios of first-order conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import pytest
from sympy import Expr, Integer, Rational, Symbol, log, sqrt
from sympy.logic.boolalg import Boolean

from derive.certificates import Assumed
from derive.check.solution import check_solution
from derive.check.steps import Rejected, check_step
from derive.check.triangular import VERIFIERS
from derive.errors import Refusal
from derive.ir import Model, Player, symbols
from derive.play.induction import derive_protocol
from derive.render import TEMPLATES
from derive.solution import Regime, Solution
from derive.steps import Elimination, Step, kinds
from derive.triangular import Falls, LastEquation, Quadratic, Triangular
from derive.views.latex import latex_fragment
from derive.views.latex.steps import macro_name
from tests.engine.statements import decide, model, protocol

A, b, c, d, e, k, m, n, r, s, t, v, w, x, y, z, U, V, W = symbols("A b c d e k m n r s t v w x y z U V W")
Point = dict[Symbol, Expr]


def stated(given: Sequence[Boolean], payoffs: dict[Symbol, Expr], *, cap: Expr | None = None) -> Model:
    parameters = tuple(sorted({symbol for relation in given for symbol in relation.free_symbols}, key=str))
    players = tuple(Player(name, payoff, own) for name, payoff, own in zip("FGH", payoffs.values(), (U, V, W), strict=False))
    stage = tuple(decide(player.name, choice) for player, choice in zip(players, payoffs, strict=True))
    domain: dict[Symbol, tuple[Boolean, ...]] = {choice: (choice >= 0,) for choice in payoffs}
    if cap is not None:
        domain[x] = (x >= 0, x <= cap)
    return model("duopoly", parameters, tuple(given), domain, players, protocol("P", stage))


def cournot(price: Callable[[Expr], Expr], costs: Sequence[Expr], *given: Boolean) -> Model:
    choices = (x, y, z)[: len(costs)]
    total = sum(choices, start=Integer(0))
    return stated(given, {own: (price(total) - cost) * own for own, cost in zip(choices, costs, strict=True)})


def contest(prizes: Sequence[Expr], *given: Boolean, force: Callable[[Expr], Expr] = lambda one: one) -> Model:
    choices = (x, y, z)[: len(prizes)]
    total = sum(map(force, choices), start=Integer(0))
    return stated(given, {own: prize * force(own) / total - own for own, prize in zip(choices, prizes, strict=True)})


POSITIVE = (c > 0, k > 0)
ELASTIC = cournot(lambda total: A * total ** (-1 / e), (c, k), A > 0, e > 1, *POSITIVE)
ROOTS = cournot(lambda total: A / sqrt(total), (c, k), A > 0, *POSITIVE)
THREE = cournot(lambda total: 3 / sqrt(total), (Integer(1), Rational(6, 5), m), m > 0)
CURVED = cournot(lambda total: A - total**b, (c, k), A > 0, b > 0, *POSITIVE, c < A, k < A)
CONTEST = contest((v, w), v > 0, w > 0, r > 0, r < 1, force=lambda one: one**r)
CROWD = contest((v, w, s), v > 0, w > 0, s > 0)
# Cournot rivals of whom one is hurt by the product of both outputs: 8 y**2 + (7 - 2 A) y - A = 0 is left
PRODUCT = stated((A > 0,), {x: (A - x - y) * x - x**2 * y, y: (A - x - y) * y - y**2})


@lru_cache(maxsize=16)
def solved(statement: Model) -> Solution:
    solution = derive_protocol(statement, statement.protocols[0])
    report = check_solution(statement, solution, 3)
    assert report.accepted, report.failures
    return solution


def regime_at(statement: Model, point: Point) -> Regime:
    solution = solved(statement)
    assert not solution.gaps
    (found,) = [one for one in solution.regimes if all(relation.xreplace(point) == True for relation in one.region)]  # noqa: E712
    return found


def at(statement: Model, point: Point, *names: Symbol) -> list[float]:
    values = regime_at(statement, point).resolved()
    return [float(values[name].xreplace(point).evalf()) for name in names]


# --- aggregates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("costs", "elasticity"), [((1, 1), 2), ((1, Rational(5, 4)), 3), ((Rational(7, 5), 1), Rational(3, 2))]
)
def test_isoelastic_rivals_with_different_costs(costs: tuple[Expr, Expr], elasticity: Expr) -> None:
    """The conditions add up to p (2 e - 1)/e = c + k, and p (1 - (x/T)/e) = c gives the shares."""
    point = {A: Integer(2), e: Rational(elasticity), c: Rational(costs[0]), k: Rational(costs[1])}
    one, two, size = (float(point[symbol]) for symbol in (c, k, e))
    price = size * (one + two) / (2 * size - 1)
    total = (price / 2) ** -size
    first = total * size * (1 - one / price)
    assert at(ELASTIC, point, x, y) == pytest.approx([first, total - first])
    assert at(ELASTIC, point, U, V) == pytest.approx([(price - one) * first, (price - two) * (total - first)])
    assert regime_at(ELASTIC, point).unique


def test_a_rival_whose_costs_are_above_the_monopoly_price_stays_out() -> None:
    """The monopoly price is e c/(e - 1); at or above it a rival with costs k sells nothing."""
    assert {regime.region for regime in solved(ELASTIC).regimes} == {
        (c * e + k > e * k, c + e * k > c * e),
        (e * k >= c * e + k,),
        (c * e >= c + e * k,),
    }
    point = {A: Integer(2), e: Integer(2), c: Integer(1), k: Rational(9, 4)}
    assert at(ELASTIC, point, x, y, V) == pytest.approx([(2 / 2) ** 2, 0, 0])


def test_three_unlike_rivals_of_whom_any_may_stay_out() -> None:
    """With p = A/sqrt(T): p (3 - 1/2) = c + k + m where all sell, and x/T = 2 (1 - c/p)."""
    point = {m: Rational(11, 10)}
    price = 3.3 / 2.5
    total = (3 / price) ** 2
    assert at(THREE, point, x, y, z) == pytest.approx([2 * total * (1 - cost / price) for cost in (1, 1.2, 1.1)])
    duopoly = {A: Integer(3), c: Integer(1), k: Rational(6, 5)}
    assert at(THREE, {m: Integer(2)}, x, y, z) == pytest.approx([*at(ROOTS, duopoly, x, y), 0])
    assert at(THREE, {m: Rational(1, 2)}, x, y, z) == pytest.approx([0, 0, 9])
    assert len(solved(THREE).regimes) == 4


def test_demand_with_a_symbolic_curvature() -> None:
    """A - T**b - c = b T**(b - 1) x: the sum gives T**b = (2 A - c - k)/(2 + b)."""
    point = {A: Integer(5), b: Rational(1, 2), c: Integer(1), k: Rational(3, 2)}
    total = (7.5 / 2.5) ** 2
    shares = [(5 - total**0.5 - cost) / (0.5 * total**-0.5) for cost in (1, 1.5)]
    assert at(CURVED, point, x, y) == pytest.approx(shares)
    assert sum(shares) == pytest.approx(total)


def test_a_tax_on_both_before_they_choose() -> None:
    """Sales fall with (c + k + 2 t)**2: the best tax is (c + k)/2 where both sell."""
    payoffs = (
        Player("L", t * (x + y), W),
        Player("F", (A / sqrt(x + y) - c - t) * x, U),
        Player("G", (A / sqrt(x + y) - k - t) * y, V),
    )
    stages = ((decide("L", t),), (decide("F", x), decide("G", y)))
    given = (A > 0, *POSITIVE, 2 * c > k, 2 * k > c)
    statement = model("tax", (A, c, k), given, {t: (t >= 0,), x: (x >= 0,), y: (y >= 0,)}, payoffs, protocol("P", *stages))
    (regime,) = solved(statement).regimes
    assert (regime.resolved()[t] - (c + k) / 2).equals(0)


# --- ratios ------------------------------------------------------------------------------------------------------------------


def test_a_contest_with_a_symbolic_exponent() -> None:
    """The conditions give x/v = y/w; so x = r v (v w)**r/(v**r + w**r)**2 (Nti 1999), and U = v**(r + 1) (v**r + (1 - r) w**r)/(..)**2."""
    point = {v: Integer(3), w: Integer(2), r: Rational(2, 5)}
    one, two = 3**0.4, 2**0.4
    efforts = [0.4 * prize * one * two / (one + two) ** 2 for prize in (3, 2)]
    assert at(CONTEST, point, x, y) == pytest.approx(efforts)
    assert at(CONTEST, point, U, V) == pytest.approx([3 * one / (one + two) - efforts[0], 2 * two / (one + two) - efforts[1]])


def test_three_contestants_of_whom_the_weakest_may_give_up() -> None:
    """Where n take part, T = (n - 1)/(sum of 1/v) and x = T (1 - T/v) (Hillman and Riley 1989)."""
    point = {v: Integer(4), w: Integer(3), s: Integer(2)}
    total = 2 / (1 / 4 + 1 / 3 + 1 / 2)
    assert at(CROWD, point, x, y, z) == pytest.approx([total * (1 - total / prize) for prize in (4, 3, 2)])
    weak = {**point, s: Rational(3, 2)}
    assert at(CROWD, weak, x, y, z) == pytest.approx([4**2 * 3 / 49, 4 * 3**2 / 49, 0])
    assert (v * w >= s * v + s * w,) in [regime.region for regime in solved(CROWD).regimes]
    assert all(regime.unique for regime in solved(CROWD).regimes)


def test_a_contest_that_may_be_drawn() -> None:
    """v (y + d) = T**2 for T = x + y + d: 2 T + d = T**2 (1/v + 1/w) + ... ; the region has no root in it, as T < w says y > 0."""
    statement = stated((v > 0, w > 0, d > 0), {x: v * x / (x + y + d) - x, y: w * y / (x + y + d) - y})
    point = {v: Integer(4), w: Integer(3), d: Rational(1, 2)}
    both = 1 / 4 + 1 / 3
    total = (1 + (1 + 4 * both / 2) ** 0.5) / (2 * both)
    assert at(statement, point, x, y) == pytest.approx([total - total**2 / 4, total - total**2 / 3])
    assert set(regime_at(statement, point).region) == {v**2 > d * w, w**2 > d * v}


# --- a quadratic that is left ------------------------------------------------------------------------------------------------


def test_the_positive_root_of_a_quadratic() -> None:
    """y = (2 A - 7 + sqrt((2 A - 7)**2 + 32 A))/16 and x = (A - y)/(2 (1 + y))."""
    for size in (Rational(1, 2), Integer(4), Integer(30)):
        second = (2 * size - 7 + sqrt((2 * size - 7) ** 2 + 32 * size)) / 16
        assert at(PRODUCT, {A: size}, x, y) == pytest.approx([float((size - second) / (2 * (1 + second))), float(second)])
    (regime,) = solved(PRODUCT).regimes
    assert regime.unique


@pytest.mark.parametrize(
    "statement",
    [
        cournot(lambda total: A - log(total), (c, k), A > 0, *POSITIVE),
        stated((A > 0, b > 0), {x: A * x - x**2 / 2 - x * y, y: b * y - y**2 / 2 - x**2 * y}),
        stated((A > 0, c > 0, k > 0, b > 0), {x: 2 * A * sqrt(x + y) - x - b * x**2, y: 2 * A * sqrt(x + y) - c * y}),
    ],
    ids=["a sum that may be negative", "roots that may not be real", "a reply that is a root"],
)
def test_what_is_not_settled_is_refused(statement: Model) -> None:
    with pytest.raises(Refusal):
        derive_protocol(statement, statement.protocols[0])


# --- forged steps ----------------------------------------------------------------------------------------------------------


def step_of(statement: Model, shape: type) -> Triangular:
    proof = [one for proposition in solved(statement).argument for one in proposition.proof if isinstance(one, Triangular)]
    return next(one for one in proof if len(one.unknowns) > 1 and one.last is not None and isinstance(one.last.shape, shape))


def rejected(wrong: Step, step: Step, statement: Model) -> None:
    solution = solved(statement)
    proof = [one for proposition in solution.argument for one in proposition.proof]
    assert wrong != step
    premises = tuple(one for one in proof if one.label in wrong.uses)
    with pytest.raises(Rejected):
        check_step(wrong, statement, solution.assumptions, premises, tuple(proof[: proof.index(step)]))


def last(step: Triangular) -> LastEquation:
    assert step.last is not None
    return step.last


def falls(step: Triangular) -> Falls:
    shape = last(step).shape
    assert isinstance(shape, Falls)
    return shape


def of_aggregate(step: Triangular, **changed: object) -> Triangular:
    assert step.aggregate is not None
    return replace(step, aggregate=replace(step.aggregate, **changed))


def assumed(claim: Boolean) -> Assumed:
    return Assumed(claim=claim, given=(claim,), fact=claim)


def valued(step: Triangular, symbol: Symbol, factor: int) -> Triangular:
    (solution,) = step.solutions
    return replace(step, solutions=(tuple((s_, value * (factor if s_ == symbol else 1)) for s_, value in solution),))


FORGERIES: tuple[Callable[[Triangular], Step], ...] = (
    lambda step: valued(step, x, 2),
    lambda step: valued(step, last(step).unknown, 2),
    lambda step: replace(step, solutions=()),
    lambda step: replace(step, solutions=(step.solutions[0][:-1],)),
    lambda step: replace(step, solutions=step.solutions * 2),
    lambda step: replace(step, trail=step.trail[:-1]),
    lambda step: replace(step, trail=(replace(step.trail[0], value=2 * step.trail[0].value), *step.trail[1:])),
    lambda step: replace(step, conditions=step.conditions[::-1]),
    lambda step: replace(step, conditions=tuple(2 * one + x for one in step.conditions)),
    lambda step: replace(step, uses=()),
    lambda step: replace(step, fixed=((y, Integer(1)),)),
    lambda step: replace(step, given=tuple(one for one in step.given if not one.free_symbols & {x, y})),
    lambda step: replace(step, last=None),
    lambda step: replace(step, last=replace(last(step), core=last(step).core + 1)),
    lambda step: replace(step, last=replace(last(step), core=last(step).core * (last(step).unknown - 1))),
    lambda step: replace(step, last=replace(last(step), shape=replace(falls(step), slope=-falls(step).slope))),
    lambda step: replace(step, last=replace(last(step), shape=replace(falls(step), inside=()))),
    lambda step: replace(
        step, last=replace(last(step), shape=replace(falls(step), certificate=assumed(falls(step).slope < 0)))
    ),
)
AGGREGATED: tuple[Callable[[Triangular], Step], ...] = (
    lambda step: replace(step, aggregate=None),
    lambda step: of_aggregate(step, meaning=x + 2 * y),
    lambda step: of_aggregate(step, restated=step.aggregate.restated[::-1] if step.aggregate else ()),
    lambda step: of_aggregate(step, restated=step.aggregate.restated[:1] if step.aggregate else ()),
    lambda step: of_aggregate(step, symbol=A),
    lambda step: of_aggregate(step, positive=assumed(x + y > 0)),
)


@pytest.mark.parametrize("forge", [*FORGERIES, *AGGREGATED])
def test_forged_aggregates_are_rejected(forge: Callable[[Triangular], Step]) -> None:
    step = step_of(ROOTS, Falls)
    rejected(forge(step), step, ROOTS)


@pytest.mark.parametrize("forge", FORGERIES)
def test_forged_ratios_are_rejected(forge: Callable[[Triangular], Step]) -> None:
    step = step_of(PRODUCT, Falls)
    rejected(forge(step), step, PRODUCT)


def test_both_roots_of_a_quadratic_are_told_and_checked() -> None:
    """(u - 1) (u - 3) = 0 has two roots; one alone, another discriminant or a root beside is rejected."""
    u = Symbol("u", real=True)
    core = x**2 - 4 * x + 3
    shape = Quadratic((Integer(3), Integer(-4), Integer(1)), None, Integer(4))
    condition = y - x**2 + 3 * x - 3
    trail = derive_trail(condition)
    step = Triangular(
        label="P.1.1",
        conditions=(x - y, condition),
        fixed=(),
        unknowns=(x, y),
        aggregate=None,
        trail=trail,
        last=LastEquation(x, core, (), shape),
        solutions=(((x, Integer(3)), (y, Integer(3))), ((x, Integer(1)), (y, Integer(1)))),
    )
    check_step(step, None, (), ())
    for wrong in (
        replace(step, solutions=step.solutions[:1]),
        replace(step, solutions=(step.solutions[0], step.solutions[0])),
        replace(step, solutions=(step.solutions[0], ((x, Integer(2)), (y, Integer(2))))),
        replace(step, last=LastEquation(x, core, (), replace(shape, discriminant=Integer(16)))),
        replace(step, last=LastEquation(x, core, (), replace(shape, coefficients=(Integer(3), Integer(4), Integer(1))))),
        replace(step, last=LastEquation(u, core, (), shape)),
    ):
        with pytest.raises(Rejected):
            check_step(wrong, None, (), ())


def derive_trail(condition: Expr) -> tuple[Elimination, ...]:
    return (Elimination(unknown=y, equation=condition, factor=condition, lead=Integer(1), value=x**2 - 3 * x + 3),)


def test_the_proof_says_what_is_solved() -> None:
    text = latex_fragment(ELASTIC, (solved(ELASTIC),))
    assert "with $T = x + y$, which is positive, the two first-order conditions are" in text
    assert "The left side falls in $T$, so that it has one root only." in text


def test_the_kind_has_a_verifier_and_a_macro() -> None:
    assert set(VERIFIERS) == {kind for kind in kinds() if kind.__module__ == "derive.triangular"} == {Triangular}
    assert f"macro {macro_name(Triangular)}(" in (TEMPLATES / "steps.tex.j2").read_text("utf-8")
