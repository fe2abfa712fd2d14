"""Identical players in symbolic number: published symmetric equilibria, their limits, and what is not claimed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy
from sympy import Expr, Integer, Rational, Symbol

from derive.check.groups import written_out
from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import Model
from derive.members import Alike
from derive.play.induction import derive_protocol
from derive.solution import Solution, Without
from tests.engine import crowds, statements

#: Seade (1980) and Vives (1999, ch. 4); Tyagi (1999) for retailers under one supplier; Sonnenschein (1968) for complements, here
#: before an assembler; Salop (1979); Varian (1994) with personal cost.
PUBLISHED: tuple[tuple[Callable[[], Model], dict[str, str]], ...] = (
    (crowds.oligopoly, {"q": "(a - c)/(b*(n + 1) + d)", "U": "(b + d/2)*((a - c)/(b*(n + 1) + d))**2"}),
    (
        crowds.retailers,
        {"w": "(a + c)/2", "q": "(a - c)/(2*b*(n + 1))", "W": "n*(a - c)**2/(4*b*(n + 1))", "U": "(a - c)**2/(4*b*(n + 1)**2)"},
    ),
    (crowds.assembly, {"q": "c + (a - n*c)/(n + 1)", "p": "a - (a - n*c)/(2*(n + 1))", "W": "(a - n*c)**2/(4*(n + 1)**2)"}),
    (crowds.circle, {"q": "c + t/n", "U": "t/n**2"}),
    (crowds.public_good, {"q": "a/(c + b*n)"}),
    (crowds.contest, {"q": "(n - 1)*a/n**2", "U": "a/n**2"}),
)


def solve(model: Model) -> Solution:
    return derive_protocol(model, model.protocols[0])


def read(text: str) -> Expr:
    names = {name: Symbol(name, real=True) for name in ("a", "b", "c", "d", "g", "n", "t", "r", "V")}
    return sympy.parse_expr(text, local_dict=names)


@pytest.mark.parametrize(("state", "published"), PUBLISHED, ids=lambda item: getattr(item, "__name__", ""))
def test_published_symmetric_equilibria(state: Callable[[], Model], published: dict[str, str]) -> None:
    model = state()
    solution = solve(model)
    (regime,) = solution.regimes
    for name, text in published.items():
        assert sympy.cancel(regime.resolved()[Symbol(name, real=True)] - read(text)) == 0, name
    assert not [text for text in solution.warnings if "differently" in text]
    assert check_solution(model, solution, 8).failures == ()


def test_one_member_is_the_ordinary_game() -> None:
    (regime,) = solve(crowds.oligopoly()).regimes
    found = regime.resolved()[crowds.q].xreplace({crowds.n: Integer(1)})
    assert sympy.cancel(found - read("(a - c)/(2*b + d)")) == 0


def test_a_capacity_that_binds_is_a_regime() -> None:
    model = crowds.bounded()
    solution = solve(model)
    at = {crowds.a: Integer(12), crowds.n: Integer(3)}
    for capacity, output in ((4, 3), (3, 3), (2, 2)):
        (regime,) = [
            r for r in solution.regimes if all(x.xreplace({**at, crowds.d: Integer(capacity)}) == sympy.true for x in r.region)
        ]
        assert regime.resolved()[crowds.q].xreplace({**at, crowds.d: Integer(capacity)}) == output
    assert check_solution(model, solution, 8).failures == ()


def test_equilibria_that_are_not_symmetric_are_excluded_or_warned_of() -> None:
    """With rising personal cost all give the same; at a constant cost only the sum is determined."""
    proved, open_ = solve(crowds.public_good()), solve(crowds.public_good_at_constant_cost())
    assert any(isinstance(step, Alike) for one in proved.argument for step in one.proof)
    assert proved.warnings == ()
    assert not any(isinstance(step, Alike) for one in open_.argument for step in one.proof)
    assert "neither given nor excluded" in open_.warnings[0]


@pytest.mark.parametrize("factor", [Rational(101, 100), Rational(99, 100)])
def test_a_wrong_equilibrium_is_caught(factor: Rational) -> None:
    model = crowds.retailers()
    solution = solve(model)
    (regime,) = solution.regimes
    values = tuple((s, v * factor if s == crowds.q else v) for s, v in regime.values)
    report = check_solution(model, replace(solution, regimes=(replace(regime, values=values),)), 8)
    assert any("stationarity" in line for line in report.rejections)
    assert any("deviating" in line for line in report.attack.findings)


def test_a_group_written_out_is_the_game_of_as_many_players() -> None:
    model = crowds.bounded()
    games = written_out(model, solve(model))
    assert [len(game.players) for game, _ in games] == [1, 2, 3, 4]
    assert all(game.aggregates == () for game, _ in games)
    assert written_out(statements.cournot(), derive_protocol(statements.cournot(), statements.cournot().protocols[0])) == []


def test_a_contest_with_an_exponent_has_an_equilibrium_exactly_where_staying_out_does_not_pay() -> None:
    """Perez-Castrillo and Verdier (1992): existence for ``r <= n/(n - 1)``, far beyond the range in which payoffs are concave."""
    model = crowds.power_contest()
    solution = solve(model)
    (regime,), (gap,) = solution.regimes, solution.gaps
    assert gap.kind is Without.NO_SYMMETRIC_EQUILIBRIUM
    assert sympy.cancel(regime.resolved()[crowds.q] - read("(n - 1)*b*a/n**2")) == 0
    for number, exponent in ((2, "1.8"), (2, "2"), (2, "2.1"), (5, "1.25"), (5, "1.26"), (3, "0.5")):
        at = {crowds.n: Integer(number), crowds.b: Rational(exponent)}
        exists = bool(Rational(exponent) <= Rational(number, number - 1))
        assert all(r.xreplace(at) == sympy.true for r in regime.region) is exists
        assert all(r.xreplace(at) == sympy.true for r in gap.region) is not exists
    assert check_solution(model, solution, 8).failures == ()


def test_beyond_the_region_of_existence_the_checker_finds_the_deviation() -> None:
    model = crowds.power_contest()
    solution = solve(model)
    (regime,) = solution.regimes
    report = check_solution(model, replace(solution, regimes=(replace(regime, region=()),), gaps=()), 24)
    assert any("deviating" in line for line in report.failures)


def test_payoffs_that_are_not_defined_at_the_corner_are_told() -> None:
    assert any("not defined" in text for text in solve(crowds.contest()).warnings)
    assert solve(crowds.oligopoly()).warnings == ()


def test_demand_of_constant_elasticity() -> None:
    """Each of ``n`` firms with cost ``c`` prices at ``c n/(n - g)``, where ``1/g`` is the elasticity of demand."""
    model = crowds.isoelastic()
    solution = solve(model)
    (regime,) = solution.regimes
    assert regime.region == ()
    at = {crowds.g: Rational(1, 2), crowds.c: Integer(3), crowds.n: Integer(4)}
    price = regime.resolved()[crowds.Q].xreplace(at) ** Rational(-1, 2)
    assert sympy.nsimplify(price) == Rational(24, 7)
    assert check_solution(model, solution, 8).failures == ()


def test_prices_at_which_nobody_sells_are_not_passed_over() -> None:
    """With all others at prices that leave no demand any price is as good; a bound on prices excludes that, and (a + c)/(n + 1) is left."""
    with pytest.raises(Refusal, match=r"where all choose alike with .* is not settled"):
        solve(crowds.price_only_assembly())
    statement = crowds.price_only_assembly(crowds.q <= crowds.a / crowds.n)
    solution = solve(statement)
    (regime,) = solution.regimes
    assert sympy.simplify(dict(regime.values)[crowds.q] - (crowds.a + crowds.c) / (crowds.n + 1)) == 0
    assert solution.gaps == ()
    assert check_solution(statement, solution, 4).accepted
