"""Every core kind of step: one true example accepted, forged ones rejected."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sympy import Eq, Expr, Integer, Le, Max, Min, Ne, Piecewise, Rational, false, sqrt
from sympy.logic.boolalg import Boolean

import derive.coalition.steps
import derive.repeated.steps  # noqa: F401
from derive import cases, members, steps
from derive.certificates import Certificate
from derive.check.context import Context
from derive.check.steps import VERIFIERS, Rejected, check_step, follows, verifier
from derive.ir import (
    CARA,
    Aggregate,
    Decision,
    GeneralDistribution,
    Model,
    Normal,
    Parameter,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    other,
    symbols,
)
from derive.prove import prove, refute
from derive.shocks import Cdf, Overage

a, b, c, h, p, q, w, x, y, z, lam = symbols("a b c h p q w x y z lambda_1")
eps, eta, rho, s, u, v = symbols("epsilon eta rho s u v")
GIVEN: tuple[Boolean, ...] = (a > c, c > 0, b > 0)


def certificate(claim: Boolean, given: tuple[Boolean, ...]) -> Certificate:
    found = refute(given) if claim == false else prove(claim, given)
    assert found is not None
    return found


MODEL = Model(
    "m", "m", "", tuple(Parameter(symbol, "") for symbol in (p, c, h, rho, s)), (p > c, c > 0, h > 0, rho > 0, s > 0),
    (Variable(q, "stock", (q >= 0, q <= h)),),
    (Player("N", p * Min(q, eps) - c * q, u), Player("A", q * eta - q**2 / 2, v, risk=CARA(rho))),
    (Protocol("P", "", (Stage((Decision(("N",), (q,)),)),)),),
    shocks=(Shock(eps, Uniform(Integer(0), h), ""), Shock(eta, Normal(Integer(1), s), "")),
)  # fmt: skip
GENERAL = GeneralDistribution("F", Integer(0), h, x, igfr=True)
VAGUE = replace(MODEL, shocks=(Shock(eps, GENERAL, ""), MODEL.shocks[1]))
LOW = Overage("F", z)
ELASTICITY = z * (1 - Cdf("F", z)) / (z - LOW)

profit = (a - b * q - w) * q
joint = a * x - x**2 - b * x * y - y**2
LINEAR: tuple[Boolean, ...] = (b > 0, b < 1)

EXPECTATION = steps.Expectation(
    label="e", given=(q >= 0, q <= h), payoff=u, objective=p * Min(q, eps) - c * q, laws=((eps, Uniform(Integer(0), h)),),
    result=p * (q - q**2 / (2 * h)) - c * q,
)  # fmt: skip
CERTAINTY = steps.CertaintyEquivalent(
    label="ce", payoff=v, objective=q * eta - q**2 / 2, laws=((eta, Normal(Integer(1), s)),), risk_aversion=rho,
    mean=q - q**2 / 2, variance=q**2 * s, result=q - q**2 / 2 - rho * q**2 * s / 2,
)  # fmt: skip
CONCAVITY = steps.Concavity(
    label="c", given=LINEAR, objective=joint, variables=(x, y), minors=(Integer(2), 4 - b**2),
    certificates=(certificate(4 - b**2 > 0, LINEAR),),
)  # fmt: skip
STATIONARY = steps.Stationary(
    label="s", given=LINEAR, equations=(a - 2 * x - b * y, -b * x - 2 * y),
    values=((x, 2 * a / (4 - b**2)), (y, -a * b / (4 - b**2))),
    trail=(
        steps.Elimination(unknown=y, equation=-b * x - 2 * y, factor=b * x + 2 * y, lead=Integer(2), value=-b * x / 2),
        steps.Elimination(unknown=x, equation=a - 2 * x + b**2 * x / 2, factor=2 * a - 4 * x + b**2 * x, lead=b**2 - 4,
                          value=2 * a / (4 - b**2), nonzero=certificate(b**2 - 4 < 0, LINEAR)),
    ),
)  # fmt: skip
FACTORED = steps.Stationary(
    label="f", given=(x > 0, b > 0), equations=((a - x) * x * (x + b),), values=((x, a),),
    trail=(steps.Elimination(unknown=x, equation=(a - x) * x * (x + b), factor=a - x, lead=Integer(-1), value=a,
                             excluded=(certificate(x > 0, (x > 0,)), certificate(x + b > 0, (x > 0, b > 0)))),),
)  # fmt: skip
TRANSFER = steps.Transfer(
    label="t", objective=x * w - y, transfer=y, constraint=y - x**2 / 2 - v, value=Integer(1), certificate=None,
    solved=v + x**2 / 2, reduced=x * w - v - x**2 / 2,
)  # fmt: skip
DECREASING: tuple[Boolean, ...] = (b > 0, x >= 0)
AT_ROOT: tuple[Boolean, ...] = (a > 0, x > 0, Eq(x * (a - x), 0))
CROSSING = steps.Crossing(
    label="cr", given=AT_ROOT[:2], variable=x, core=x * (a - x), slope=a - 2 * x, certificate=certificate(a - 2 * x < 0, AT_ROOT)
)  # fmt: skip
EXCHANGE = steps.NewVariable(
    label="nv", given=(b > 0,), objective=q * Cdf("F", q / b - a), old=q, new=z, value=b * (z + a), meaning=q / b - a, slope=1 / b,
    certificate=certificate(1 / b > 0, (b > 0,)), after=b * (z + a) * Cdf("F", z),
)  # fmt: skip
IMPLICIT = steps.ImplicitRoot(
    label="i", given=(c > 0, p > c, h > 0), symbol=z, core=ELASTICITY - c / p, low=Integer(0), high=h,
    limits=(1 - c / p, -c / p), lemma="elasticity-decreasing",
)  # fmt: skip
CUBIC = steps.ImplicitRoot(
    label="i2", given=(a > 0, x > 0, x < 1), symbol=x, core=a * (1 - 2 * x) - x**3, low=Integer(0), high=Integer(1),
    limits=(a, -a - 1), certificate=certificate(-2 * a - 3 * x**2 < 0, (a > 0, x > 0, x < 1)),
)  # fmt: skip
HALVES: tuple[tuple[Boolean, ...], ...] = ((a <= 0,), (a > 0, a < 1), (a >= 1,))
COVERAGE = steps.Coverage(
    label="cov", regions=HALVES, certificates=(certificate(false, (a <= 0, a >= 1)),)
)  # fmt: skip
SIGN = steps.Sign(label="sg", given=GIVEN, relation=a + b > 0, certificate=certificate(a + b > 0, GIVEN))
ADMISSIBLE = steps.Admissible(
    label="ad", given=GIVEN, values=((x, a + 2 * b),), slack=x - b, value=a + b, strict=True, certificate=SIGN.certificate
)
KINK = steps.Kink(
    label="k",
    given=(b > 0,),
    variable=x,
    value=b,
    left=x * 2,
    right=x + b,
    certificate=certificate(Integer(1) + b > b, (b > 0,)),
)

GROWS: tuple[Boolean, ...] = (a > 0, b > 1)
UNBOUNDED = steps.Unbounded(
    label="un", given=GROWS, objective=a * x**b - c * x + y, along=x, fixed=((y, Integer(3)),), exponent=b, coefficient=a,
    lower=(Integer(1), Integer(0)),
    certificates=tuple(certificate(claim, GROWS) for claim in (b > 0, b - 1 > 0, b - 0 > 0, a > 0)),
)  # fmt: skip

OFFERED: tuple[Boolean, ...] = (p**2 >= 4 * c,)
OUTSIDE = steps.OutsideOption(
    label="ou", given=OFFERED, payoffs=(u,), inside=p**2 / 4, outside=c, starts=True,
    certificate=certificate(p**2 / 4 - c >= 0, OFFERED),
)  # fmt: skip

MANY = Model(
    "g", "g", "", (Parameter(a, ""), Parameter(b, ""), Parameter(s, "", integer=True)), (b > 0, s >= 1),
    (Variable(q, "output", (q >= 0,)), Variable(w, "price")),
    (Player("firms", q * (a - b * z), u, count=s), Player("A", w * z, v)),
    (Protocol("P", "", (Stage((Decision(("firms",), (q,)),)),)),),
    aggregates=(Aggregate(z, q, "firms", "total"),),
)  # fmt: skip
MEMBER = members.Member(
    label="me", group="firms", count=s, others=((q, other(q)),), payoff=u, before=q * (a - b * z),
    sums=((z, q + (s - 1) * other(q)),), after=q * (a - b * q - b * (s - 1) * other(q)),
)  # fmt: skip
SYMMETRY = members.Symmetry(
    label="sy", group="firms", others=((q, other(q)),), conditions=(a - 2 * b * q - b * (s - 1) * other(q),),
    equations=(a - b * (s + 1) * q,),
)  # fmt: skip
ALIKE = members.Alike(
    label="al", given=(b > 0,), group="firms", choice=q, sums=((z, q),), objective=q * (a - b * z), rate=a - b * z - b * q,
    slope=-b, certificate=certificate(-b < 0, (b > 0,)),
)  # fmt: skip

SPLIT: tuple[Boolean, ...] = (c > 0, x >= 0)
BRANCHING = cases.Branching(
    label="br", given=SPLIT, objective=a * Max(x - c, 0), cases=(((x > c,), a * (x - c)), ((x <= c,), Integer(0)))
)
BENT = (a * x - x**2, (x <= c, c > 0)), (a * x - x**2 - b * (x - c), (x >= c, b > 0))
CONCAVE = cases.ConcaveAcross(
    label="co", variable=x, pieces=BENT,
    certificates=tuple(certificate(Le(-2, 0, evaluate=False), known) for _, known in BENT),
)  # fmt: skip
_MEET = (Eq(x, y + a), Eq(y, x - b))
CLASH = cases.NotMutual(
    label="nm", given=(a > b,), replies=_MEET, conditions=(x > c,), certificate=certificate(false, (a > b, *_MEET))
)
UNREACHED = cases.NotAttained(
    label="na", given=(c > 0, y > c), objective=x - c, limits=((x, y),), supremum=y - c,
    others=(((a > 0,), (y - c) / 2),), certificates=(certificate((y - c) / 2 > 0, (c > 0, y > c)),),
)  # fmt: skip
SHARE = Piecewise((x, x + y <= c), (0, True))
REPLIES = cases.BestReplies(
    label="rp", given=(c > 0, y >= 0, y <= c), objective=SHARE, variable=x, domain=(x >= 0, x <= c),
    replies=(((), c - y, ()), ((y >= c,), None, (x >= 0, x <= c))),
)  # fmt: skip
#: A peak between the choices of any grid.
NARROW = Piecewise((2 * c, (5300 * x > 1699 * c) & (5300 * x < 1701 * c)), (0, True))
INSIDE: tuple[Boolean, ...] = (a > 0, b > 0, x > 0)
HILL = steps.Hill(
    label="hi", given=INSIDE, objective=a * x**2 / 2 - b * x**3 / 6 - c * x, variable=x, marginal=a * x - b * x**2 / 2 - c,
    positive=Integer(1), inner=a - b * x, slope=-b, certificates=(certificate(-b < 0, INSIDE),), low=Integer(0), at_low=Integer(0),
)  # fmt: skip

EFFORT: tuple[Boolean, ...] = (a > 0, x >= 0)
PROBLEM = (
    steps.Marginal(label="ma", given=EFFORT, objective=a * x - x**2 / 2, variable=x, positive=Integer(1), core=a - x),
    steps.SinglePeak(label="pe", uses=("ma",), given=EFFORT, variable=x, core=a - x, slope=Integer(-1),
                     certificate=certificate(Integer(0) < a, (a > 0,))),
)  # fmt: skip
EMPTY = steps.EmptyCase(
    label="em", uses=("pe",), given=(a > 0,), active=(-x,), conditions=(-a >= 0,), certificate=certificate(false, (a > 0, -a >= 0))
)

VALID: tuple[tuple[steps.Step, tuple[steps.Step, ...]], ...] = (
    (EXPECTATION, ()),
    (CERTAINTY, ()),
    (steps.JointObjective(label="j", given=(Eq(x, y),),
                          members=((u, x * a), (v, y * b)), eliminated=((y, x),), result=x * (a + b)), ()),
    (steps.Anticipation(label="an", payoff=u, before=(w - c) * q, replace=((q, (a - w) / (2 * b)),),
                        after=(w - c) * (a - w) / (2 * b)), ()),
    (steps.Concentration(label="co", before=x * y - y**2, replace=((y, x / 2),), after=x**2 / 4), ()),
    (steps.Marginal(label="m", given=(p > 0,), objective=p ** (1 - b) * c, variable=p, positive=p**-b, core=(1 - b) * c,
                    certificate=certificate(p**-b > 0, (p > 0,))), ()),
    (CROSSING, ()),
    (EXCHANGE, ()),
    (steps.SinglePeak(label="sp", given=DECREASING, variable=x, core=a - b * x - x**2, slope=-b - 2 * x,
                      certificate=certificate(-b - 2 * x < 0, DECREASING)), ()),
    (CONCAVITY, ()),
    (STATIONARY, ()),
    (FACTORED, ()),
    (steps.Multiplier(label="mu", uses=("t",), constraint=y - x**2 / 2 - v, multiplier=lam, value=Integer(1), certificate=None),
     (TRANSFER,)),
    (EMPTY, PROBLEM),
    (IMPLICIT, ()),
    (CUBIC, ()),
    (SIGN, ()),
    (ADMISSIBLE, ()),
    (steps.Identity(label="id", left=(x + y) ** 2, right=4 * x**2, where=((y, x),)), ()),
    (COVERAGE, ()),
    (TRANSFER, ()),
    (steps.Separation(label="se", given=(x >= 0, y >= 0), objective=a * x - x**2 + y - b * y**2, blocks=((x,), (y,))), ()),
    (KINK, ()),
    (steps.Absorption(label="ab", variable=x, value=b, ignored=a * b, neighbour=a * x), ()),
    (UNBOUNDED, ()),
    (steps.Dominance(label="d", given=GIVEN, better=a, worse=c, certificate=certificate(a - c >= 0, GIVEN)), ()),
    (OUTSIDE, ()),
    (MEMBER, ()),
    (SYMMETRY, ()),
    (ALIKE, ()),
    (BRANCHING, ()),
    (CONCAVE, ()),
    (CLASH, ()),
    (UNREACHED, ()),
    (REPLIES, ()),
    (HILL, ()),
)  # fmt: skip


def of(kind: type[steps.Step]) -> steps.Step:
    return next(step for step, _ in VALID if isinstance(step, kind))


FORGED: tuple[tuple[steps.Step, str], ...] = (
    (replace(EXPECTATION, result=p * (q - q**2 / h) - c * q), "is not"),
    (replace(EXPECTATION, result=p * q / 2 - c * q), "is not"),
    (replace(EXPECTATION, objective=p * Min(q, eps)), "player's objective"),
    (replace(EXPECTATION, laws=((eps, Uniform(Integer(0), 2 * h)),)), "law"),
    (replace(EXPECTATION, given=(q > h,)), "is not"),
    (replace(CERTAINTY, result=q - q**2 / 2 + rho * q**2 * s / 2), "certainty equivalent"),
    (replace(CERTAINTY, variance=q * s), "mean and variance"),
    (replace(CERTAINTY, risk_aversion=2 * rho), "risk aversion"),
    (replace(of(steps.JointObjective), result=x * (a - b)), "joint objective"),
    (replace(of(steps.JointObjective), given=()), "nothing says"),
    (replace(of(steps.Anticipation), after=(w - c) * (a - w) / b), "anticipated payoff"),
    (replace(of(steps.Concentration), after=x**2 / 2), "concentrated objective"),
    (replace(of(steps.Marginal), core=(b - 1) * c), "derivative"),
    (replace(of(steps.Marginal), positive=-(p**-b), core=-(1 - b) * c), "proves"),
    (replace(of(steps.Marginal), given=()), "not given"),
    (replace(of(steps.SinglePeak), slope=-b), "slope"),
    (replace(of(steps.SinglePeak), core=a + b * x + x**2, slope=b + 2 * x), "proves"),
    (replace(of(steps.SinglePeak), given=(*DECREASING, Ne(x, 1))), "in two"),
    (replace(of(steps.SinglePeak), given=(*DECREASING, x**2 >= 1)), "interval"),
    (replace(EXCHANGE, slope=Integer(1), certificate=None), "rate"),
    (replace(EXCHANGE, given=()), "not given"),
    (replace(EXCHANGE, value=b * z), "in terms of"),
    (replace(EXCHANGE, after=b * z * Cdf("F", z)), "objective"),
    (replace(EXCHANGE, new=a, value=b * 2 * a), "not new"),
    (replace(CROSSING, slope=a - x), "slope"),
    (replace(CROSSING, core=x * (x - a), slope=2 * x - a), "proves"),
    (replace(CROSSING, core=x * (a - x) + 1), "not given"),
    (replace(CROSSING, given=(a > 0,)), "not given"),
    (replace(CROSSING, given=(*CROSSING.given, Ne(x, 1))), "in two"),
    (replace(CONCAVITY, minors=(Integer(2), 4 - b)), "minor 2"),
    (replace(CONCAVITY, minors=(Integer(2),)), "missing"),
    (replace(CONCAVITY, certificates=()), "no certificate"),
    (replace(CONCAVITY, given=(*LINEAR, x * y >= 1)), "convex"),
    (replace(STATIONARY, values=((x, 2 * a / (4 + b**2)), (y, -a * b / (4 - b**2)))), "substituted back"),
    (replace(STATIONARY, trail=STATIONARY.trail[1:]), "none of the conditions"),
    (replace(STATIONARY, trail=STATIONARY.trail[:1]), "every unknown"),
    (replace(STATIONARY, trail=(STATIONARY.trail[0], replace(STATIONARY.trail[1], nonzero=None))), "nonzero"),
    (replace(FACTORED, trail=(replace(FACTORED.trail[0], excluded=FACTORED.trail[0].excluded[:1]),)), "dropped"),
    (replace(FACTORED, given=(x > 0,)), "not given"),
    (replace(of(steps.Multiplier), value=Integer(2)), "value of"),
    (replace(EMPTY, conditions=(-2 * b >= 0,)), "not given"),
    (replace(EMPTY, certificate=certificate(a >= 0, (a > 0,))), "proves"),
    (replace(IMPLICIT, core=ELASTICITY * 2 - z), "constant"),
    (replace(IMPLICIT, lemma="sales-increasing"), "constant"),
    (replace(IMPLICIT, limits=(1 - c / p, c / p)), "value at an end"),
    (replace(IMPLICIT, given=(c > p, p > 0, h > 0)), "opposite sign"),
    (replace(CUBIC, core=a * (1 - 2 * x) + x**3, limits=(a, 1 - a)), "slope"),
    (replace(CUBIC, certificate=None), "slope"),
    (replace(SIGN, relation=a - b > 0), "proves"),
    (replace(ADMISSIBLE, values=((x, a),)), "at the choice"),
    (replace(ADMISSIBLE, values=((x, a),), value=a - b), "proves"),
    (replace(SIGN, given=GIVEN[:1]), "not given"),
    (replace(of(steps.Identity), right=4 * x**2 + 1), "identity"),
    (replace(of(steps.Identity), left=sqrt(x**2), right=x, where=()), "identity"),
    (replace(COVERAGE, regions=HALVES[:2]), "nothing covers"),
    (replace(COVERAGE, regions=((a <= 0,), (a >= 0, a < 1), (a >= 1,))), "disjoint"),
    (replace(COVERAGE, regions=((a <= 0,), (a > 0, a < 1), (a > 1,))), "nothing covers"),
    (replace(TRANSFER, reduced=x * w - v), "reduced objective"),
    (replace(TRANSFER, value=Integer(-1), constraint=-y - v, solved=-v, reduced=x * w + v), "multiplier"),
    (replace(TRANSFER, given=(y >= 0,)), "more than the constraint"),
    (replace(of(steps.Separation), objective=a * x - x**2 + x * y), "interact"),
    (replace(of(steps.Separation), given=(x + y <= 1,)), "ties"),
    (replace(KINK, right=x + 2 * b), "continuous"),
    (replace(KINK, left=x + b, right=2 * x), "proves"),
    (replace(of(steps.Absorption), ignored=a * x), "does not matter"),
    (replace(of(steps.Absorption), neighbour=x), "neighbouring"),
    (replace(UNBOUNDED, coefficient=-a), "powers"),
    (replace(UNBOUNDED, lower=(Integer(0),)), "powers"),
    (replace(UNBOUNDED, given=(b > 1,)), "not given"),
    (replace(UNBOUNDED, coefficient=a * x / x, objective=-a * x**b + x, given=(a > 0, b > 1)), "powers"),
    (replace(of(steps.Dominance), better=c, worse=a), "proves"),
    (replace(OUTSIDE, inside=p**2 / 8), "proves"),
    (replace(OUTSIDE, starts=False), "proves"),
    (replace(OUTSIDE, given=()), "not given"),
    (replace(OUTSIDE, outside=c / 2), "earn outside"),
    (replace(MEMBER, sums=((z, q + s * other(q)),)), "as seen by one"),
    (replace(MEMBER, count=s + 1), "number of members"),
    (replace(MEMBER, after=q * (a - b * s * q)), "payoff of one"),
    (replace(MEMBER, group="A"), "no sum over"),
    (replace(SYMMETRY, equations=(a - b * (s + 2) * q,)), "choose alike"),
    (replace(SYMMETRY, equations=()), "missing"),
    (replace(ALIKE, rate=a - b * z), "marginal payoff"),
    (replace(ALIKE, slope=-2 * b), "slope"),
    (replace(ALIKE, given=()), "not given"),
    (replace(ALIKE, sums=((z, 2 * q),)), "one member's term"),
    (replace(HILL, marginal=a * x - c), "marginal payoff"),
    (replace(HILL, inner=b - a * x), "its derivative"),
    (replace(HILL, slope=-2 * b), "factor that decides"),
    (replace(HILL, given=(*INSIDE, x < 1)), "in another way"),
    (replace(HILL, given=(a > 0, b > 0), certificates=(certificate(-b < 0, (b > 0,)),)), "lower bound"),
    (replace(HILL, at_low=c), "payoff at the lower bound"),
    (replace(HILL, objective=HILL.objective + 1 / x, marginal=HILL.marginal - 1 / x**2), "its derivative"),
    (replace(HILL, certificates=(certificate(a > 0, INSIDE),)), "proves"),
    (
        replace(ALIKE, objective=q * (a + b * z), rate=a + b * z + b * q, slope=b, certificate=certificate(b > 0, (b > 0,))),
        "slope",
    ),
    (replace(BRANCHING, cases=(((x > c,), a * x), ((x <= c,), Integer(0)))), "payoff is not"),
    (replace(BRANCHING, cases=BRANCHING.cases[:1]), "0 cases hold"),
    (replace(CONCAVE, pieces=(BENT[0], (a * x + x**2 - b * (x - c), BENT[1][1]))), "proves"),
    (replace(CONCAVE, certificates=CONCAVE.certificates[:1]), "missing"),
    (replace(CLASH, replies=_MEET[:1]), "not given"),
    (replace(CLASH, given=(a >= b,)), "not given"),
    (replace(BRANCHING, cases=(((x >= 0,), a * (x - c)), ((x <= c,), Integer(0)))), "2 cases hold"),
    (replace(UNREACHED, supremum=y), "value approached"),
    (replace(UNREACHED, others=(((a > 0,), 2 * y),)), "pays less"),
    (replace(UNREACHED, certificates=()), "missing"),
    (replace(REPLIES, replies=(((), c - y / 2, ()),)), "not best"),
    (replace(REPLIES, replies=(((y <= c,), None, (x >= 0, x <= c)),)), "not best"),
    (replace(REPLIES, replies=(((), 2 * c - y, ()),)), "out of bounds|not best"),
    (replace(REPLIES, objective=SHARE + NARROW), "not best"),
)


def statement(step: steps.Step) -> Model | None:
    if isinstance(step, steps.Expectation | steps.CertaintyEquivalent):
        return MODEL
    if isinstance(step, steps.OutsideOption):
        return replace(MODEL, protocols=(replace(MODEL.protocols[0], outside=(("N", c),)),))
    if isinstance(step, members.Member | members.Symmetry | members.Alike):
        return MANY
    return VAGUE if isinstance(step, steps.ImplicitRoot) else None


def assumptions(step: steps.Step) -> tuple[Boolean, ...]:
    return MODEL.assumptions if isinstance(step, steps.Expectation | steps.CertaintyEquivalent) else ()


@pytest.mark.parametrize(("step", "premises"), VALID, ids=lambda item: getattr(item, "label", ""))
def test_true_steps_are_accepted(step: steps.Step, premises: tuple[steps.Step, ...]) -> None:
    check_step(step, statement(step), assumptions(step), premises)


@pytest.mark.parametrize(("step", "reason"), FORGED)
def test_forged_steps_are_rejected(step: steps.Step, reason: str) -> None:
    premises = {steps.Multiplier: (TRANSFER,), steps.EmptyCase: PROBLEM}.get(type(step), ())
    with pytest.raises(Rejected, match=reason):
        check_step(step, statement(step), assumptions(step), premises)


def test_a_sign_read_off_points_speaks_of_every_symbol() -> None:
    context = Context(None, (p > a + c, c > 0, a > 0, h > 0), ())
    assert context.sampled_sign(h / (p - a)) == 1
    assert context.sampled_sign(h - w) == 0


def test_a_multiplier_needs_its_source() -> None:
    with pytest.raises(Rejected, match="no premise"):
        check_step(of(steps.Multiplier), None, ())


def test_a_forged_certificate_is_rejected() -> None:
    wrong = replace(SIGN, certificate=replace(SIGN.certificate, claim=a - b > 0), relation=a - b > 0)
    with pytest.raises(Rejected):
        check_step(wrong, None, ())


def test_every_kind_has_one_verifier_and_examples() -> None:
    core = {kind.__name__ for kind in steps.kinds() if kind.__module__ in {"derive.steps", "derive.cases", "derive.members"}}
    in_their_own_test = {kind.__name__ for kind in steps.kinds() if kind.__module__ == "derive.inverse"}
    assert core | in_their_own_test == set(VERIFIERS) | in_their_own_test
    assert core == {type(step).__name__ for step, _ in VALID} == {type(step).__name__ for step, _ in FORGED}
    for kind in steps.kinds():
        assert callable(verifier(kind)), kind


def test_an_unknown_kind_is_rejected() -> None:
    @dataclass(frozen=True)
    class Odd:
        label: str = "o"
        given: tuple[Boolean, ...] = ()

    with pytest.raises(Rejected, match="no verifier"):
        check_step(Odd(), None, ())


def test_relations_are_matched_up_to_form_and_strength() -> None:
    known = (a > c, Eq(x + y, 1), b * 2 >= 3 * c)
    true: tuple[Boolean, ...] = (
        c < a,
        c <= a,
        Ne(a, c),
        2 * a - 2 * c > 0,
        Eq(1, y + x),
        x + y >= 1,
        b - Rational(3, 2) * c >= 0,
    )
    wrong: tuple[Expr, ...] = (a >= 2 * c, c > a, b * 2 > 3 * c, Eq(x, 1 - 2 * y), Ne(x + y, 0))
    assert all(follows(goal, known) for goal in true)
    assert not any(follows(goal, known) for goal in wrong)
