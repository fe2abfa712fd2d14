"""Auctions as textbooks solve them (Krishna, Auction Theory; Riley and Samuelson 1981), refusals, and forged steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy
from sympy import Expr, Integer, Rational, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.auctions import Auction, Earner, Format, derive_auction
from derive.auctions import steps as kinds
from derive.check.auctions import VERIFIERS, verify_solutions
from derive.check.auctions_attack import attack_auction
from derive.check.steps import Rejected, check_step
from derive.contracts import HiddenType
from derive.errors import Refusal, StatementError
from derive.ir import Parameter, PowerDistribution, Uniform, Variable, symbols
from derive.render import TEMPLATES
from derive.solution import Solution
from derive.steps import Step
from derive.views.latex import latex_fragment
from derive.views.latex.steps import macro_name
from derive.views.python import python_module

v, n, h, l, r, a, k, b, x, U, R = symbols("v n h l r a k b x U R")
FIRST = Format("first_price", "First-price auction", v - b)
SECOND = Format("second_price", "Second-price auction", v - x)
ALL_PAY = Format("all_pay", "All-pay auction", v - b, -b)
TENDERS = (Format("first_price", "First-price tender", b - v), Format("second_price", "Second-price tender", x - v))


def auction(law: Uniform | PowerDistribution, *given: Boolean, **more: object) -> Auction:
    formats = more.pop("formats", (FIRST, SECOND, ALL_PAY))
    stated = [*given, *vars(law).values(), *(value for one in formats for value in (one.win, one.lose)), more.get("reserve", 0)]  # type: ignore[attr-defined]
    used = set().union(*(sympy.sympify(one).free_symbols for one in (*stated, more.get("bidders", n)))) - {b, x}
    return Auction(
        key="auction",
        title="auction",
        source="test",
        type=HiddenType(v, law),
        bid=Variable(b, "bid"),
        rival=x,
        bidder=Earner("bidder", U),
        seller=Earner("seller", R),
        parameters=tuple(Parameter(s, str(s), integer=s == n) for s in sorted(used, key=str)),
        assumptions=given,
        **{"bidders": n, "formats": formats, **more},  # type: ignore[arg-type]
    )


STANDARD = auction(Uniform(S.Zero, h), h > 0, n >= 2)
POWER = auction(PowerDistribution(h, a), h > 0, a > 0, n >= 2)
RESERVE = auction(Uniform(S.Zero, h), h > 0, n >= 2, r > 0, r < h, reserve=r)
OPEN = auction(Uniform(l, h), l >= 0, h > l, n >= 2, r >= 0, reserve=r, formats=(FIRST, SECOND))
TENDER = auction(Uniform(l, h), l >= 0, h > l, n >= 2, formats=TENDERS, lowest_wins=True)
CAPPED = auction(Uniform(l, h), l >= 0, h > l, n >= 2, r > l, formats=TENDERS, lowest_wins=True, reserve=r)
MEAN = auction(Uniform(S.Zero, h), h > 0, n >= 2, k > 0, k < 1, formats=(Format("mean", "Mean", v - k * b - (1 - k) * x),))
PARTLY = auction(
    Uniform(S.Zero, h), h > 0, n >= 2, k > 0, k < 1, formats=(Format("partly", "Losers pay a part", v - b, -k * b),)
)


def solved(one: Auction, key: str, points: int = 3) -> Solution:
    found = {solution.protocol: solution for solution in derive_auction(one)}
    assert not verify_solutions(one, (found[key],), points)
    return found[key]


def at(solution: Solution, **point: object) -> dict[Expr, Expr]:
    values = {symbols(name)[0]: Rational(str(value)) for name, value in point.items()}
    (regime,) = [one for one in solution.regimes if all(relation.xreplace(values) for relation in one.region)]
    return {symbol: value.xreplace(values) for symbol, value in regime.values}


def test_the_standard_auctions() -> None:
    """Bids (n - 1)/n v, v and (n - 1)/n v**n; revenue (n - 1)/(n + 1), whatever the format (Krishna, chapter 2)."""
    bids = {"first_price": Rational(2, 3) * Rational(1, 2), "second_price": Rational(1, 2), "all_pay": Rational(2, 3) / 8}
    for key, bid in bids.items():
        found = at(solved(STANDARD, key), h=1, n=3, v="1/2")
        assert found == {b: bid, U: Rational(1, 24), R: Rational(1, 2)}


def test_a_power_law_of_values() -> None:
    """With F = v**a a first-price bid is a (n - 1)/(a (n - 1) + 1) v; for a = 2 and two bidders revenue is 8/15."""
    found = at(solved(POWER, "first_price"), h=1, a=2, n=2, v="3/4")
    assert found == {b: Rational(1, 2), U: Rational(9, 64), R: Rational(8, 15)}
    assert at(solved(POWER, "all_pay"), h=1, a=2, n=2, v="3/4")[R] == Rational(8, 15)


def test_a_reserve_price() -> None:
    """With two bidders and a reserve r revenue is 1/3 + r**2 - 4/3 r**3, largest, 5/12, at one half (Krishna, section 2.5)."""
    solution = solved(RESERVE, "first_price")
    found = at(solution, h=1, n=2, r="1/2", v="3/4")
    assert found == {b: Rational(3, 8) + Rational(1, 6), U: Rational(5, 32), R: Rational(5, 12)}
    away = at(solution, h=1, n=2, r="1/2", v="1/4")
    assert away == {U: 0, R: Rational(5, 12)}
    assert at(solved(RESERVE, "second_price"), h=1, n=2, r="1/2", v="3/4")[R] == Rational(5, 12)
    # The least bid of an all-pay auction that keeps the same types away is r times their chance to win.
    assert at(solved(RESERVE, "all_pay"), h=1, n=2, r="1/4", v="3/4")[R] == Rational(5, 12)


def test_an_entrance_to_an_all_pay_auction() -> None:
    """With two bidders the least bid r is worth making for values above sqrt(r)."""
    solution = solved(RESERVE, "all_pay")
    assert at(solution, h=1, n=2, r="1/4", v="1/2")[b] == Rational(1, 4)
    assert b not in at(solution, h=1, n=2, r="1/4", v="49/100")


def test_who_bids_depends_on_the_reserve() -> None:
    """All, some or none; a lowest value of l moves first-price bids to (l + (n - 1) v)/n."""
    solution = solved(OPEN, "first_price")
    assert at(solution, l=1, h=2, n=2, r="1/2", v="3/2")[b] == Rational(5, 4)
    assert at(solution, l=1, h=2, n=2, r="3/2", v="7/4")[b] == Rational(7, 4) - Rational(3, 4) / 2 + Rational(1, 4) / (
        2 * Rational(3, 4)
    )
    assert at(solution, l=1, h=2, n=2, r=2, v="3/2") == {U: 0, R: 0}


def test_tenders() -> None:
    """The lowest of n costs on [0, 1] is asked (1 + (n - 1) c)/n for; the order costs the buyer 2/(n + 1), the second lowest cost."""
    for key, bid in (("first_price", Rational(2, 3)), ("second_price", Rational(1, 2))):
        assert at(solved(TENDER, key), l=0, h=1, n=3, v="1/2") == {b: bid, U: Rational(1, 24), R: Rational(1, 2)}
    capped = solved(CAPPED, "first_price")
    assert at(capped, l=0, h=1, n=2, r="1/2", v="1/4")[b] == Rational(5, 8) - Rational(1, 4) / (2 * Rational(3, 4))
    assert U in at(capped, l=0, h=1, n=2, r="1/2", v="3/4")


def test_prices_between_the_first_and_the_second_bid() -> None:
    """With the weight k on the own bid all bid (n - 1)/(n - 1 + k) v."""
    assert at(solved(MEAN, "mean"), h=1, n=2, k="1/2", v="1/2")[b] == Rational(1, 3)


def test_losers_who_pay_a_part() -> None:
    """The payment v**n (n - 1)/n is spread over the bid when winning and k of it when losing."""
    found = at(solved(PARTLY, "partly"), h=1, n=2, k="1/2", v="1/2")
    assert found[b] == Rational(1, 8) / (Rational(1, 2) + Rational(1, 2) * Rational(1, 2))


def test_formats_that_differ_in_what_losers_pay_alone() -> None:
    """With two bidders and values uniform up to 1, all bid half their value where losers pay nothing, in whichever order they stand."""
    for formats in ((*PARTLY.formats, FIRST), (FIRST, *PARTLY.formats)):
        both = auction(Uniform(S.Zero, h), h > 0, n >= 2, k > 0, k < 1, formats=formats)
        assert at(solved(both, "first_price"), h=1, n=2, k="1/2", v="1/2")[b] == Rational(1, 4)
        assert at(solved(both, "partly"), h=1, n=2, k="1/2", v="1/2")[b] == Rational(1, 6)


def test_two_bidders_of_known_number() -> None:
    pair = auction(Uniform(S.Zero, S.One), bidders=Integer(2))
    assert at(solved(pair, "first_price"), v="1/2") == {b: Rational(1, 4), U: Rational(1, 8), R: Rational(1, 3)}


def test_what_is_refused() -> None:
    with pytest.raises(Refusal, match="losers pay their bids and winners a rival's"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 2, formats=(Format("war", "War of attrition", v - x, -b),)))
    with pytest.raises(Refusal, match="no linear function of the type"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 2, formats=(Format("odd", "Odd", v**2 - b),)))
    with pytest.raises(Refusal, match="nobody pays"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 2, formats=(Format("free", "Free", v),)))
    with pytest.raises(Refusal, match="proportional"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 2, formats=(Format("steep", "Steep", v - b**2),)))
    with pytest.raises(Refusal, match="keener bid costs"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 2, formats=(Format("paid", "Paid", v + b),)))
    with pytest.raises(Refusal, match="higher types has no antiderivative"):
        derive_auction(auction(PowerDistribution(h, a), h > 0, a > 0, n >= 2, formats=TENDERS, lowest_wins=True))
    with pytest.raises(StatementError, match="n >= 2"):
        derive_auction(auction(Uniform(S.Zero, h), h > 0, n >= 1))
    with pytest.raises(StatementError, match="not declared"):
        derive_auction(replace(STANDARD, parameters=STANDARD.parameters[:1]))


def test_the_proof_prints_and_the_evaluator_agrees() -> None:
    text = latex_fragment(RESERVE, derive_auction(RESERVE))
    assert "The winner earns" in text
    assert "revenue equivalence" in text
    space: dict[str, Callable] = {"__name__": "auction"}
    exec(compile(python_module(RESERVE, derive_auction(RESERVE)), "auction", "exec"), space)
    found = space["first_price"](h=1, n=2, r=0.5, v=0.75)
    assert pytest.approx(5 / 12) == found.R
    assert not hasattr(found, "total")


# --- the steps ---------------------------------------------------------------------------------------------------------------

FORGED: dict[type[Step], list[Callable]] = {
    kinds.WinningChance: [
        lambda s: replace(s, chance=s.chance**2),
        lambda s: replace(s, bidders=n + 1),
        lambda s: replace(s, slope=-s.slope),
        lambda s: replace(s, worth=2 * v),
        lambda s: replace(s, worst=h),
        lambda s: replace(s, lowest_wins=True),
        lambda s: replace(s, given=(n > 3,)),
    ],
    kinds.BiddingTypes: [
        lambda s: replace(s, cutoff=h),
        lambda s: replace(s, cutoff=None),
        lambda s: replace(s, cutoff=s.worst),
        lambda s: replace(s, levels=s.levels[::-1]),
        lambda s: replace(s, order=s.order[:1]),
        lambda s: replace(s, reserve=r / 2),
        lambda s: replace(s, worst=s.best),
    ],
    kinds.EnvelopePayoff: [
        lambda s: replace(s, earned=2 * s.earned),
        lambda s: replace(s, earned=s.earned + 1),
        lambda s: replace(s, cutoff=Integer(0)),
        lambda s: replace(s, slope=-s.slope),
        lambda s: replace(s, chance=s.chance / 2),
    ],
    kinds.WinnerPays: [
        lambda s: replace(s, bid=s.bid / 2),
        lambda s: replace(s, bid=s.worth),
        lambda s: replace(s, margin=s.margin + 1),
        lambda s: replace(s, power=2 * s.power),
        lambda s: replace(s, cutoff=Integer(0)),
        lambda s: replace(s, win=v - x),
        lambda s: replace(s, earned=s.earned / 2),
    ],
    kinds.AllPay: [
        lambda s: replace(s, bid=2 * s.bid),
        lambda s: replace(s, lose=Integer(0)),
        lambda s: replace(s, least=Integer(1)),
        lambda s: replace(s, worth=v + 1),
        lambda s: replace(s, earned=s.earned + 1),
    ],
    kinds.TruthfulBid: [
        lambda s: replace(s, bid=v / 2),
        lambda s: replace(s, win=v - b),
        lambda s: replace(s, rival=b),
    ],
    kinds.ExpectedPayments: [
        lambda s: replace(s, value=2 * s.value),
        lambda s: replace(s, integral=s.integral + v),
        lambda s: replace(s, payoff=U),
        lambda s: replace(s, cutoff=Integer(0)),
        lambda s: replace(s, best=r),
        lambda s: replace(s, law=Uniform(Integer(0), 2 * h)),
    ],
}


def test_every_kind_has_a_verifier_a_macro_and_forgeries() -> None:
    assert set(FORGED) == set(VERIFIERS)
    template = (TEMPLATES / "steps_auctions.tex.j2").read_text("utf-8")
    for kind in FORGED:
        assert f"macro {macro_name(kind)}(" in template


def test_genuine_steps_are_accepted_and_forged_ones_are_not() -> None:
    seen: set[type[Step]] = set()
    for solution in derive_auction(RESERVE):
        earlier: dict[str, Step] = {}
        for step in (step for one in solution.argument for step in one.proof):
            before = tuple(earlier.values())
            check_step(step, RESERVE, solution.assumptions, (), before)  # type: ignore[arg-type]
            for forge in FORGED[type(step)] if type(step) not in seen else ():
                with pytest.raises(Rejected):
                    check_step(forge(step), RESERVE, solution.assumptions, (), before)  # type: ignore[arg-type]
            seen.add(type(step))
            earlier[step.label] = step
    assert seen == set(FORGED)


def test_forged_solutions_are_rejected() -> None:
    solution = derive_auction(RESERVE)[0]
    first, second = solution.regimes

    def with_values(change: Callable[[Symbol, Expr], Expr]) -> Solution:
        return replace(solution, regimes=(replace(first, values=tuple((s, change(s, e)) for s, e in first.values)), second))

    forged = [
        with_values(lambda s, e: e * Rational(11, 10) if s == b else e),
        with_values(lambda s, e: e * Rational(11, 10) if s == R else e),
        with_values(lambda s, e: e + Rational(1, 10) if s == U else e),
        replace(solution, regimes=(first,)),
        replace(solution, regimes=(replace(first, region=(v >= r / 2,)), replace(second, region=(v < r / 2,)))),
    ]
    for one in forged:
        cases = tuple(replace(solution.argument[-1].cases[0], region=g.region, values=g.values) for g in one.regimes)
        dressed = replace(one, argument=(*one.argument[:-1], replace(one.argument[-1], cases=cases)))
        assert verify_solutions(RESERVE, (one,), 6)
        assert attack_auction(RESERVE, dressed, 6)
