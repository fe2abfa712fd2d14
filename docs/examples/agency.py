"""A principal pays a risk-averse agent by output. States risk aversion, hidden and observed effort, and participation."""

from sympy import Integer

from derive.ir import (
    CARA,
    Decision,
    Model,
    Normal,
    Parameter,
    Participation,
    Player,
    Protocol,
    Shock,
    Stage,
    Variable,
    symbols,
)

k, rho, v, u = symbols("k rho v u")
s, t, e, eps = symbols("s t e epsilon")
Pi_P, Pi_A = symbols("Pi_P Pi_A")

pay = s + t * (e + eps)
accepts = Participation("agent", u)

model = Model(
    key="agency",
    title="Pay for performance",
    source="",
    parameters=(
        Parameter(k, "slope of the marginal cost of effort"),
        Parameter(rho, "absolute risk aversion of the agent"),
        Parameter(v, "variance of output"),
        Parameter(u, "what the agent earns elsewhere"),
    ),
    assumptions=(k > 0, rho > 0, v > 0),
    variables=(Variable(s, "fixed pay"), Variable(t, "piece rate", (t >= 0, t <= 1)), Variable(e, "effort", (e >= 0,))),
    shocks=(Shock(eps, Normal(Integer(0), v), "noise in output"),),
    players=(
        Player("principal", e + eps - pay, Pi_P),
        Player("agent", pay - k * e**2 / 2, Pi_A, risk=CARA(rho)),
    ),
    protocols=(
        # Effort is hidden: the agent moves later, knowing the contract.
        Protocol(
            "hidden",
            "The agent chooses effort",
            (Stage((Decision(("principal",), (s, t), (accepts,)),)), Stage((Decision(("agent",), (e,)),))),
        ),
        # Effort is observed: it is part of what the principal decides.
        Protocol("observed", "Effort is contracted", (Stage((Decision(("principal",), (s, t, e), (accepts,)),)),)),
    ),
)
