"""Linear contract, exponential utility, normal noise: one task (Holmstrom and Milgrom 1987)."""

from sympy import And, Integer

from derive.ir import (
    CARA,
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Normal,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Slope,
    Stage,
    Variable,
    symbols,
)

k, r, s2, U0, al, be, e, y, eps, Pi_P, CE_A, agency_cost = symbols("k r s2 U0 al be e y eps Pi_P CE_A agency_cost")

HIDDEN = "hidden"
offered = (1 / (2 * k * (1 + r * k * s2)) >= U0,)

model = Model(
    key="len_single_task",
    title="A linear contract for a risk-averse agent",
    source="Holmstrom, B. and Milgrom, P. (1987) Aggregation and linearity in the provision of intertemporal incentives, "
    "Econometrica 55(2), 303-328",
    parameters=(
        Parameter(k, "slope of the marginal cost of effort"),
        Parameter(r, "absolute risk aversion"),
        Parameter(s2, "variance of the noise", latex=r"\sigma^2"),
        Parameter(U0, "what the agent earns elsewhere", latex="U_0"),
    ),
    assumptions=(k > 0, r > 0, s2 > 0),
    variables=(
        Variable(al, "fixed wage", latex=r"\alpha"),
        Variable(be, "share of output", latex=r"\beta"),
        Variable(e, "effort", (e >= 0,)),
    ),
    shocks=(Shock(eps, Normal(Integer(0), s2), "noise", latex=r"\varepsilon"),),
    definitions=(
        Definition(y, e + eps, "output"),
        Definition(agency_cost, 1 / (2 * k) - Pi_P - CE_A, "what is lost against the surplus of an effort $1/k$", latex="L"),
    ),
    players=(
        Player("P", y - al - be * y, Pi_P, "principal"),
        Player("A", al + be * y - k * e**2 / 2, CE_A, "agent", risk=CARA(r)),
    ),
    protocols=(
        Protocol(
            HIDDEN,
            "The agent's effort is hidden",
            (Stage((Decision(("P",), (al, be), (Participation("A", U0),)),)), Stage((Decision(("A",), (e,)),))),
            outside=(("P", Integer(0)), ("A", U0)),
        ),
    ),
    claims=(
        Claim(
            "a",
            "Incentives weaken with risk aversion, risk and the cost of effort.",
            And(*(Slope(At(be, HIDDEN), parameter) < 0 for parameter in (r, s2, k))),
            given=offered,
        ),
        Claim("b", "The fixed wage exceeds what the agent earns elsewhere.", At(al, HIDDEN) > U0, given=offered),
        Claim("c", "The agency cost rises with the cost of effort.", Slope(At(agency_cost, HIDDEN), k) > 0),
    ),
    errata=("c",),
)
