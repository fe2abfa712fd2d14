"""Hand-made statements and solutions: a two-stage chain, a box-constrained quadratic with three regimes, a price-setting
newsvendor with an implicit stocking factor, and one solution that holds a step of every basic kind."""

from sympy import Add, Eq, Integer, Max, Min, Rational, S, Symbol, false

from derive import cases, inverse, members, steps
from derive import certificates as proofs
from derive.ir import (
    CARA,
    Decision,
    Definition,
    GeneralDistribution,
    Instance,
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
from derive.shocks import Cdf, Overage
from derive.solution import Case, Implicit, Proposition, Regime, Solution

a, b, c, w, p, q = symbols("a b c w p q")
Pi_M, Pi_R = symbols("Pi_M Pi_R")

CHAIN = Model(
    key="chain",
    title="Successive monopoly",
    source="spengler1950",
    parameters=(Parameter(a, "demand intercept", "units"), Parameter(b, "demand slope"), Parameter(c, "unit cost")),
    assumptions=(a > 0, b > 0, c >= 0, a > b * c),
    variables=(Variable(w, "wholesale price", (w >= 0,)), Variable(p, "retail price", (p >= 0, p <= a / b))),
    players=(Player("M", (w - c) * q, Pi_M, "manufacturer"), Player("R", (p - w) * q, Pi_R, "retailer")),
    definitions=(Definition(q, a - b * p, "demand", "units"),),
    protocols=(
        Protocol("two", "Two stages", (Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))),
        Protocol("one", "Joint decision", (Stage((Decision(("M", "R"), (p,)),)),)),
    ),
)

BIBLIOGRAPHY = """@article{spengler1950,
  author = {Spengler, Joseph J.},
  title = {Vertical Integration and {Antitrust} Policy},
  journal = {Journal of Political Economy},
  volume = {58}, number = {4}, pages = {347--352}, year = 1950
}
"""


def _negative(expression, fact, given=()):
    return proofs.Factors(
        claim=expression < 0,
        given=given,
        coefficient=Integer(-2),
        factors=(proofs.Factor(b, 1, proofs.Assumed(claim=fact, given=given, fact=fact)),),
    )


def chain_solutions() -> tuple[Solution, ...]:
    """The two-stage protocol: price (a + b w)/(2 b), then wholesale price (a + b c)/(2 b)."""
    given = CHAIN.assumptions
    retailer = (p - w) * (a - b * p)
    response = (a + b * w) / (2 * b)
    after = (w - c) * (a - b * w) / 2
    wholesale, price = (a + b * c) / (2 * b), (3 * a + b * c) / (4 * b)
    second = (
        steps.Marginal(label="1", given=given, objective=retailer, variable=p, positive=S.One, core=a - 2 * b * p + b * w),
        steps.SinglePeak(
            label="2", uses=("1",), given=given, variable=p, core=a - 2 * b * p + b * w, slope=-2 * b,
            certificate=_negative(-2 * b, b > 0, given),
        ),
        steps.EmptyCase(
            label="3", uses=("2",), given=given, active=(-p,), conditions=(-(a + b * w) > 0,),
            certificate=proofs.Products(
                claim=false,
                given=(*given, w >= 0, -(a + b * w) > 0),
                products=(
                    proofs.Product(S.One, (a > 0,), S.One),
                    proofs.Product(S.One, (-(a + b * w) > 0,), S.One),
                    proofs.Product(S.One, (b > 0, w >= 0), S.One),
                ),
            ),
        ),
    )  # fmt: skip
    first = (
        steps.Anticipation(
            label="4", payoff=Pi_M, before=(w - c) * (a - b * p), replace=((p, response),), after=after, given=(a > b * w,)
        ),
        steps.Marginal(label="5", given=(a > b * w,), objective=after, variable=w, positive=Rational(1, 2), core=a + b * c - 2 * b * w),
        steps.Concavity(
            label="6", uses=("4",), given=(a > b * w,), objective=after, variables=(w,), minors=(b,),
            certificates=(proofs.Assumed(claim=b > 0, given=given, fact=b > 0),),
        ),
        steps.Stationary(label="7", equations=(a + b * c - 2 * b * w,), values=((w, wholesale),), trail=()),
    )  # fmt: skip
    values = ((w, wholesale), (p, price), (Pi_M, (a - b * c) ** 2 / (8 * b)), (Pi_R, (a - b * c) ** 2 / (16 * b)))
    argument = (
        Proposition("two.2", "lemma", "Stage 2", "", (Case((a > b * w,), ((p, response),)), Case((a <= b * w,), ((p, a / b),))), second),
        Proposition("two.1", "proposition", "Stage 1", "", (Case((), ((w, wholesale),)),), first),
        Proposition(
            "two.E", "theorem", "Equilibrium", "", (Case((), values),),
            (steps.Anticipation(label="8", payoff=Pi_M, before=(w - c) * (a - b * p), replace=values[:2], after=values[2][1]),),
        ),
    )  # fmt: skip
    return (Solution("chain", "two", "", CHAIN.assumptions, (Regime("1", (), values),), argument),)


x, k, m = symbols("x k m")
Pi_A = Symbol("Pi_A", real=True)

BOX = Model(
    key="box",
    title="Effort in a box",
    source="Folklore",
    parameters=(Parameter(k, "cost"), Parameter(m, "benefit")),
    assumptions=(k > 0,),
    variables=(Variable(x, "effort", (x >= 0, x <= 1)),),
    players=(Player("A", m * x - k * x**2 / 2, Pi_A, "agent"),),
    protocols=(Protocol("alone", "One decision", (Stage((Decision(("A",), (x,)),)),)),),
)


def box_solutions() -> tuple[Solution, ...]:
    """Three regimes: nothing, m/k, everything."""
    cases = (
        Case((m <= 0,), ((x, S.Zero), (Pi_A, S.Zero))),
        Case((m > 0, m < k), ((x, m / k), (Pi_A, m**2 / (2 * k)))),
        Case((m >= k,), ((x, S.One), (Pi_A, m - k / 2))),
    )
    cover = steps.Coverage(
        label="c",
        regions=tuple(case.region for case in cases),
        certificates=(
            proofs.Opposed(
                claim=false,
                given=(m <= 0, m > 0),
                fact=m <= 0,
                denial=proofs.Assumed(claim=m > 0, given=(m <= 0, m > 0), fact=m > 0),
            ),
        ),
    )
    argument = (Proposition("alone.1", "theorem", "Equilibrium", "", cases, (cover,)),)
    regimes = tuple(Regime(str(place), case.region, case.values) for place, case in enumerate(cases))
    return (
        Solution("box", "alone", "", BOX.assumptions, regimes, argument, warnings=("At m = 0 nothing is gained by effort.",)),
    )


gamma, mu, B, z, eps = symbols("gamma mu B z epsilon")
Pi_N = Symbol("Pi_N", real=True)

NEWSVENDOR = Model(
    key="newsvendor",
    title="Price-setting newsvendor",
    source="Petruzzi and Dada (1999)",
    parameters=(Parameter(a, "scale"), Parameter(b, "elasticity"), Parameter(gamma, "spillover"), Parameter(c, "cost"),
                Parameter(mu, "mean of the shock"), Parameter(B, "largest shock")),
    assumptions=(a > 0, gamma >= 0, b > gamma + 1, c > 0, mu > 0, mu < B),
    variables=(Variable(p, "price", (p > 0,)), Variable(z, "stocking factor", (z >= 0, z <= B))),
    players=(Player("N", p * Min(q, a * p ** (gamma - b) * eps) - c * q, Pi_N, "newsvendor"),),
    definitions=(Definition(q, a * p ** (gamma - b) * z, "stock"),),
    shocks=(Shock(eps, GeneralDistribution("F", S.Zero, B, mu, igfr=True), "demand shock"),),
    instances=(Instance("uniform", ((eps, Uniform(S.Zero, B)),), note="uniform shocks"),),
    protocols=(Protocol("alone", "One firm", (Stage((Decision(("N",), (p, z)),)),)),),
)  # fmt: skip


def newsvendor_solutions() -> tuple[Solution, ...]:
    """Price over an implicit stocking factor."""
    over = Overage("F", z)
    margin = (b - gamma) * c / (b - gamma - 1) * z / (z - over)
    equation = z * (1 - Cdf("F", z)) / (z - over) - (b - gamma - 1) / (b - gamma)
    payoff = a * p ** (gamma - b) * (p * (z - over) - c * z)
    root = steps.ImplicitRoot(
        label="n3", uses=("n2",), symbol=z, core=equation, low=S.Zero, high=B, lemma="elasticity-decreasing",
        limits=(1 / (b - gamma), -(b - gamma - 1) / (b - gamma)),
    )  # fmt: skip
    taken = steps.Expectation(
        label="n1", payoff=Pi_N, objective=NEWSVENDOR.players[0].objective, result=payoff,
        laws=((eps, NEWSVENDOR.shocks[0].distribution),),
    )  # fmt: skip
    marginal = steps.Marginal(
        label="n2", objective=payoff, variable=p, positive=a * p ** (gamma - b - 1),
        core=(b - gamma) * c * z - (b - gamma - 1) * p * (z - over),
    )  # fmt: skip
    values = ((p, margin), (Pi_N, a * c * p ** (gamma - b) * z / (b - gamma - 1)))
    argument = (
        Proposition("alone.0", "lemma", "Payoffs", "", (Case((), ((Pi_N, payoff),)),), (taken,)),
        Proposition("alone.1", "proposition", "Stage 1", "", (Case((), ((p, margin),)),), (marginal, root)),
        Proposition("alone.E", "theorem", "Equilibrium", "", (Case((), values),), ()),
    )
    regime = Regime("1", (), values, (Implicit(z, equation, S.Zero, B, -1),))
    return (Solution("newsvendor", "alone", "", NEWSVENDOR.assumptions, (regime,), argument),)


def every_kind() -> Solution:
    """One proposition whose proof has a step of every basic kind, over the chain's symbols."""
    known = proofs.Assumed(claim=b > 0, given=(b > 0,), fact=b > 0)
    t = symbols("t_1")[0]
    slack = proofs.Slack(
        claim=a - b * c + 1 > 0,
        given=(a > b * c,),
        substitution=((a, b * c + t),),
        slacks=(proofs.SlackVariable(t, a - b * c, True, known),),
        numerator=t + 1,
        denominator=S.One,
    )
    plain = proofs.Squares(
        claim=a**2 + b**2 > a * b - 1,
        given=(),
        weight=((S.One, S.One),),
        squares=((S.One, a - b / 2), (Rational(3, 4), b), (S.One, S.One)),
    )
    weighted = proofs.Squares(
        claim=a**4 * b**2 + a**2 * b**4 + 1 >= 3 * a**2 * b**2,
        given=(),
        weight=((S.One, S.One), (S.One, a), (S.One, b)),
        squares=(
            (S.One, a**3 * b / 2 + a * b**3 - 3 * a * b / 2),
            (Rational(3, 4), a * b - a**3 * b),
            (S.One, a - a * b**2),
            (S.One, b - a**2 * b),
            (S.One, 1 - a**2 * b**2),
        ),
    )
    long = Add(*[Symbol(f"x_{i}", real=True) ** 2 * (i + 1) * a * b for i in range(30)])
    proof: tuple[steps.Step, ...] = (
        steps.Expectation(label="k1", payoff=Pi_M, objective=a + eps, laws=((eps, Normal(S.Zero, b)),), result=a),
        steps.CertaintyEquivalent(
            label="k2", payoff=Pi_R, objective=a + b * eps, laws=((eps, Normal(S.Zero, c)),), risk_aversion=k, mean=a,
            variance=b**2 * c, result=a - k * b**2 * c / 2,
        ),
        steps.JointObjective(label="k3", members=((Pi_M, a), (Pi_R, b * p)), eliminated=((w, p),), result=a + b * p),
        steps.Anticipation(label="k4", payoff=Pi_M, before=a * p, replace=((p, w),), after=a * w),
        steps.Concentration(label="k5", before=a * p, replace=((p, w),), after=a * w),
        steps.Separation(label="k6", objective=a * p - p**2 + w - w**2, blocks=((p,), (w,))),
        steps.Transfer(
            label="k7", objective=p - w, transfer=w, constraint=w - c, value=S.One, certificate=None, solved=c, reduced=p - c
        ),
        steps.Multiplier(label="k8", constraint=p - w, multiplier=Symbol("lambda", real=True), value=b, certificate=known),
        steps.Marginal(label="k9", objective=a * p - b * p**2, variable=p, positive=S.One, core=a - 2 * b * p),
        steps.SinglePeak(label="k10", uses=("k8",), variable=p, core=a - 2 * b * p, slope=-2 * b, certificate=_negative(-2 * b, b > 0)),
        steps.NewVariable(label="k10c", objective=a * p - p**2, old=p, new=z, value=b * z, meaning=p / b, slope=1 / b,
                          certificate=known, after=a * b * z - b**2 * z**2),
        inverse.FallingByLaw(
            label="k10d", variable=z, law="F", core=a - b / (1 - Cdf("F", z)) - c * z**2 / (z - Overage("F", z)), low=S.Zero, high=a,
            terms=(inverse.LawTerm(a, 0, 0, 0, 0), inverse.LawTerm(-b, -1, 0, 0, 0), inverse.LawTerm(-c, 0, 2, -1, 0)),
            limits=(a - b, -S.Infinity), certificates=(known, None),
        ),
        inverse.FallingCdfs(
            label="k10k", variable=z, core=a - b * Cdf("F", z) - c * Cdf("F", z / 2), constant=a,
            terms=(inverse.CdfTerm(-b, "F", z), inverse.CdfTerm(-c, "F", z / 2)), low=S.Zero, high=a,
            limits=(a, a - b - c * Cdf("F", a / 2)), certificates=(known, known, None),
        ),
        inverse.RiseThenFall(
            label="k10j", variable=z, law="F", core=(1 - Cdf("F", z)) * (a + b * (z - Overage("F", z))) - c, base=a, rate=b, constant=c,
            low=S.Zero, high=a, limits=(a - c, -c), certificates=(known, known, known),
        ),
        inverse.Bend(label="k10f", variable=p, core=a - p**3, curvature=-6 * p, certificate=_negative(-6 * p, p > 0), end=S.Zero,
                     at_end=a, end_certificate=known),
        inverse.FewPeaks(label="k10g", variable=p, core=p**2 - a, order=2, derivative=Integer(2), certificate=None,
                          root=-(a ** Rational(1, 2))),
        inverse.FewPeaks(label="k10h", variable=p, core=p - a, order=1, derivative=Integer(1), certificate=None, root=None),
        inverse.TurnedBound(label="k10i", variable=p, slack=(a - b * p**2) / p, positive=1 / p, core=a - b * p**2, positivity=known,
                            upper=True, slope=-2 * b * p, certificate=_negative(-2 * b * p, p > 0), bound=(a / b) ** Rational(1, 2)),
        inverse.ByResponse(label="k10e", before=(w - c) * p, choice=w, response=p, equation=a - w - b * p - p**3, factor=S.One,
                           lead=S.NegativeOne, value=a - b * p - p**3, certificate=None, after=(a - b * p - p**3 - c) * p),
        steps.Crossing(label="k10b", variable=p, core=a * p - p**2, slope=a - 2 * p, certificate=_negative(-2 * b, b > 0)),
        steps.Concavity(
            label="k11", objective=a * p - p**2 - w**2, variables=(p, w), minors=(Integer(2), Integer(4)), certificates=(known, known)
        ),
        steps.Stationary(
            label="k12", uses=("k9",), equations=(a - 2 * b * p,), values=((p, a / (2 * b)),),
            trail=(steps.Elimination(unknown=p, equation=b * (a - 2 * b * p), factor=a - 2 * b * p, lead=-2 * b, value=a / (2 * b),
                                     excluded=(known,), nonzero=known),),
        ),
        steps.EmptyCase(label="k13", active=(p - w,), conditions=(a < b * c,), certificate=slack),
        steps.ImplicitRoot(label="k14", symbol=z, core=a - b * z, low=S.Zero, high=a, limits=(a, a - a * b), certificate=known),
        steps.Sign(label="k15", relation=a - b * c + 1 > 0, certificate=slack),
        steps.Sign(label="k15b", relation=a**2 + b**2 > a * b - 1, certificate=plain),
        steps.Sign(label="k15c", relation=a**4 * b**2 + a**2 * b**4 + 1 >= 3 * a**2 * b**2, certificate=weighted),
        steps.Admissible(label="k15d", values=((p, a / 2),), slack=b - p, value=b - a / 2, strict=True, certificate=known),
        steps.Admissible(label="k15e", values=(), slack=a - b, value=a - b, strict=False, certificate=known),
        steps.Identity(label="k16", left=(a + b) ** 2, right=a**2 + 2 * a * b + b**2, where=((c, S.One),)),
        steps.Coverage(label="k17", regions=((p > w,), (p <= w,)), certificates=(known,)),
        steps.Kink(label="k18", variable=p, value=w, left=p, right=w, certificate=None),
        steps.Dominance(label="k19", better=long, worse=a * b, certificate=known),
        steps.Unbounded(
            label="k20", objective=b * w**3 - w, along=w, fixed=((p, a),), exponent=Integer(3), coefficient=b, lower=(S.One,),
            certificates=(known,),
        ),
        steps.Absorption(label="k21", variable=p, value=a / b, ignored=a, neighbour=b * p),
        members.Member(label="k23", group="R", count=b, others=((p, other(p)),), payoff=Pi_R, before=a - w,
                     sums=((w, p + (b - 1) * other(p)),), after=a - p - (b - 1) * other(p)),
        members.Symmetry(label="k24", group="R", others=((p, other(p)),), conditions=(a - p - other(p),), equations=(a - 2 * p,)),
        members.Alike(label="k25", group="R", choice=p, sums=((w, p),), objective=p * (a - w), rate=a - w - p, slope=S.NegativeOne,
                    certificate=None),
        steps.Hill(label="k26", objective=a * p**2 - b * p**3 - c * p, variable=p, marginal=2 * a * p - 3 * b * p**2 - c,
                   positive=Integer(2), inner=a - 3 * b * p, slope=-3 * b, certificates=(known,), low=S.Zero, at_low=S.Zero),
        steps.OutsideOption(label="k22", payoffs=(Pi_M,), inside=a, outside=b, starts=True, certificate=known),
        cases.Branching(label="k23", objective=Max(p, w), cases=(((p >= w,), p), ((p < w,), w))),
        cases.ConcaveAcross(
            label="k23b", variable=p, pieces=((a - p**2, (p >= w,)), (a - 2 * p**2, (p <= w,))), certificates=(known, known)
        ),
        cases.NotAttained(
            label="k24", objective=p, limits=((p, w),), supremum=w, others=(((a > 0,), S.Zero),), certificates=(known,)
        ),
        cases.NotMutual(
            label="k24c", replies=(Eq(p, w, evaluate=False), Eq(q, w, evaluate=False)), conditions=(p > a,), certificate=slack
        ),
        cases.NotMutual(label="k24d", replies=(), conditions=(p > w, w > p), certificate=slack),
        cases.BestReplies(
            label="k25", objective=-((p - w) ** 2), variable=p, domain=(p >= 0,),
            replies=(((w >= 0,), w, ()), ((w < 0,), None, (p >= 0, p <= 1))),
        ),
    )  # fmt: skip
    return Solution(
        "chain", "two", "", CHAIN.assumptions, (), (Proposition("kinds", "corollary", "", "All of it.", (), proof),)
    )


HOSTILE = Model(
    key="hostile",
    title=r"\input{/etc/passwd} 50% of $x & y_{1} # ~ ^ \write18{ls} {",
    source="R&D_Fund #1 \u6731\u71d5 \u00e9t\u00e9",
    parameters=(Parameter(a, r"a \loop meaning_with & $ signs", "100%"),),
    assumptions=(a > 0,),
    variables=(Variable(x, "a choice {", (x >= 0,)),),
    players=(Player("A_1 & co", a * x - x**2, Pi_A, r"\undefined", risk=CARA(a)),),
    protocols=(Protocol("p", r"#1 \end{document}", (Stage((Decision(("A_1 & co",), (x,)),)),)),),
)
