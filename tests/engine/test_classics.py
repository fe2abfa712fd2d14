"""Published closed forms, regime by regime, as identities."""

from __future__ import annotations

import pytest
import sympy
from sympy import Expr, Rational, Symbol

from derive.ir import Model
from derive.play.induction import derive_protocol
from derive.solution import Solution
from tests.engine import statements


def solve(model: Model, key: str) -> Solution:
    return derive_protocol(model, model.protocol(key))


def read(text: str, solution: Solution) -> Expr:
    names = {s.name: s for r in solution.regimes for e in (*r.resolved().values(), *r.resolved()) for s in e.free_symbols}
    names |= {s.name: s for relation in solution.assumptions for s in relation.free_symbols}
    return sympy.parse_expr(text, local_dict=names)


def same(left: Expr, right: Expr) -> bool:
    return bool(sympy.cancel(sympy.together(left - right)) == 0)


ONE_REGIME = [
    (
        statements.serial_chain,
        "decentralised",
        {"w": "(a + b*c)/(2*b)", "p": "(3*a + b*c)/(4*b)", "Pi_M": "(a - b*c)**2/(8*b)", "Pi_R": "(a - b*c)**2/(16*b)"},
    ),
    (statements.serial_chain, "integrated", {"p": "(a + b*c)/(2*b)"}),
    (
        statements.four_tiers,
        "chain",
        {
            "w1": "c1 + (a - b*(c1 + c2 + c3 + c4))/(2*b)",
            "p": "(15*a + b*(c1 + c2 + c3 + c4))/(16*b)",
            "Pi_1": "(a - b*(c1 + c2 + c3 + c4))**2/(32*b)",
            "Pi_4": "(a - b*(c1 + c2 + c3 + c4))**2/(256*b)",
        },
    ),
    (
        statements.channels,
        "DD",
        {
            "w1": "(2 + th)/(4 - th - 2*th**2)",
            "p2": "2*(3 - th**2)/((2 - th)*(4 - th - 2*th**2))",
            "Pi_M1": "(2 + th)*(2 - th**2)/((2 - th)*(4 - th - 2*th**2)**2)",
            "Pi_R1": "(2 - th**2)**2/((2 - th)**2*(4 - th - 2*th**2)**2)",
        },
    ),
    (statements.channels, "ID", {"w2": "(2 + th)/(2*(2 - th**2))", "Pi_M2": "(2 + th)**2/(4*(2 - th**2)*(4 - th**2))"}),
    (
        statements.agency,
        "hidden",
        {
            "be": "1/(1 + r*k*s2)",
            "e": "1/(k*(1 + r*k*s2))",
            "al": "U0 - (1 - r*k*s2)/(2*k*(1 + r*k*s2)**2)",
            "Pi_P": "1/(2*k*(1 + r*k*s2)) - U0",
            "CE_A": "U0",
        },
    ),
    (statements.agency, "observed", {"be": "0", "e": "1/k", "Pi_P": "1/(2*k) - U0"}),
    (
        statements.franchise,
        "share",
        {"s": "t1**2*k2/(t1**2*k2 + t2**2*k1)", "e1": "t1**3*k2/(k1*(t1**2*k2 + t2**2*k1))", "U_A": "0"},
    ),
    (
        statements.closed_loop,
        "central",
        {"tau": "Dl*(phi - b*cm)/(4*CL - b*Dl**2)", "p": "phi/b - 2*CL*(phi - b*cm)/(b*(4*CL - b*Dl**2))"},
    ),
    (
        statements.closed_loop,
        "collects",
        {
            "tau": "Dl*(phi - b*cm)/(8*CL - b*Dl**2)",
            "w": "phi/b - 4*CL*(phi - b*cm)/(b*(8*CL - b*Dl**2))",
            "Pi_M": "CL*(phi - b*cm)**2/(b*(8*CL - b*Dl**2))",
            "Pi_R": "4*CL**2*(phi - b*cm)**2/(b*(8*CL - b*Dl**2)**2)",
        },
    ),
]


@pytest.mark.parametrize(
    ("statement", "key", "published"), ONE_REGIME, ids=lambda value: getattr(value, "__name__", str(value))[:20]
)
def test_published_closed_forms(statement, key, published):
    solution = solve(statement(), key)
    (regime,) = solution.regimes
    values = {symbol.name: value for symbol, value in regime.resolved().items()}
    for name, text in published.items():
        assert same(values[name], read(text, solution)), (name, values[name])


COURNOT = {
    (10, 1, 2, 3): (3, 2, 1),
    (10, 1, 2, 5): (Rational(10, 3), Rational(7, 3), 0),
    (10, 1, 6, 8): (Rational(9, 2), 0, 0),
}


@pytest.mark.parametrize(("point", "outputs"), COURNOT.items())
def test_cournot_firms_leave_in_the_order_of_their_costs(point, outputs):
    solution = solve(statements.cournot(), "simultaneous")
    assert len(solution.regimes) == 3
    at = dict(zip((Symbol(n, real=True) for n in ("a", "c1", "c2", "c3")), point, strict=True))
    (regime,) = [r for r in solution.regimes if all(relation.xreplace(at) == sympy.true for relation in r.region)]
    values = {s.name: v.xreplace(at) for s, v in regime.resolved().items()}
    assert tuple(values[n] for n in ("q1", "q2", "q3")) == outputs


@pytest.mark.parametrize(("slope", "best"), [(-1, 0), (0, 0), (1, Rational(1, 2)), (2, 1), (7, 1)])
def test_a_bounded_choice_is_clipped(slope, best):
    solution = solve(statements.clipped(), "one")
    m, x = Symbol("m", real=True), Symbol("x", real=True)
    held = [
        r for r in solution.regimes if all(relation.xreplace({m: sympy.Integer(slope)}) == sympy.true for relation in r.region)
    ]
    assert {r.resolved()[x].xreplace({m: sympy.Integer(slope)}) for r in held} == {best}


def test_nothing_of_a_derivation_depends_on_what_the_paper_prints():
    from dataclasses import replace

    from models.dual_channel.model import model

    key = "symmetric"
    bare = replace(model, printed=(), claims=())
    assert solve(model, key) == solve(bare, key)
