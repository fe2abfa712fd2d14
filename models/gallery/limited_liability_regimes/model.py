"""Moral hazard, wages that cannot be negative, and an agent with something else to do (Innes 1990; Laffont and Martimort 2002)."""

from sympy import Eq, Integer

from derive.ir import (
    At,
    Claim,
    Decision,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

V, k, U0, ws, wf, e, Pi_P, U_A = symbols("V k U0 ws wf e Pi_P U_A")

HIDDEN = "hidden"
contract = (V**2 / (2 * k) >= U0,)

model = Model(
    key="limited_liability_regimes",
    title="Limited liability and an outside option",
    source="Innes, R. D. (1990) Limited liability and incentive contracting, Journal of Economic Theory 52(1), 45-67; "
    "Laffont, J.-J. and Martimort, D. (2002) The Theory of Incentives, chapter 4",
    parameters=(
        Parameter(V, "value of success"),
        Parameter(k, "slope of the marginal cost of effort"),
        Parameter(U0, "what the agent earns elsewhere", latex="U_0"),
    ),
    assumptions=(V > 0, k > 0, U0 >= 0, k > V),
    variables=(
        Variable(ws, "wage after success", (ws >= 0,), latex="w_s"),
        Variable(wf, "wage after failure", (wf >= 0,), latex="w_f"),
        Variable(e, "effort, the probability of success", (e >= 0, e <= 1)),
    ),
    players=(
        Player("P", e * (V - ws) - (1 - e) * wf, Pi_P, "principal"),
        Player("A", e * ws + (1 - e) * wf - k * e**2 / 2, U_A, "agent"),
    ),
    protocols=(
        Protocol(
            HIDDEN,
            "The agent's effort is hidden",
            (Stage((Decision(("P",), (ws, wf), (Participation("A", U0),)),)), Stage((Decision(("A",), (e,)),))),
            outside=(("P", Integer(0)), ("A", U0)),
        ),
    ),
    claims=(
        Claim("a", "The agent receives more than elsewhere.", At(U_A, HIDDEN) > U0),
        Claim("b", "Effort does not fall with what the agent earns elsewhere.", Slope(At(e, HIDDEN), U0) >= 0, given=contract),
        Claim("c", "Effort never exceeds the first best.", At(e, HIDDEN) <= V / k, given=contract),
        Claim("d", "After failure the agent is paid nothing.", Eq(At(wf, HIDDEN), 0), given=contract),
    ),
)
