"""Both parties to a franchise exert hidden effort; the contract is a revenue share and a fee (Bhattacharyya and Lafontaine 1995)."""

from sympy import Eq, Integer

from derive.ir import (
    At,
    Claim,
    Decision,
    Definition,
    Model,
    Parameter,
    Participation,
    Player,
    Protocol,
    Stage,
    Variable,
    symbols,
)

t1, t2, k1, k2, s, fee, e1, e2, U_A, Pi_P, first_best = symbols("t1 t2 k1 k2 s fee e1 e2 U_A Pi_P first_best")

HIDDEN = "hidden"

revenue = t1 * e1 + t2 * e2

model = Model(
    key="double_moral_hazard_franchise",
    title="Double moral hazard and the optimal linear revenue share",
    source=(
        "Bhattacharyya, S. and Lafontaine, F. (1995) Double-sided moral hazard and the nature of share contracts, "
        "RAND Journal of Economics 26(4), 761-781"
    ),
    parameters=(
        Parameter(t1, "the agent's productivity"),
        Parameter(t2, "the principal's productivity"),
        Parameter(k1, "the agent's cost of effort"),
        Parameter(k2, "the principal's cost of effort"),
    ),
    assumptions=(t1 > 0, t2 > 0, k1 > 0, k2 > 0),
    variables=(
        Variable(s, "the agent's share of revenue", (s >= 0, s <= 1)),
        Variable(fee, "fee paid by the agent"),
        Variable(e1, "the agent's effort", (e1 >= 0,)),
        Variable(e2, "the principal's effort", (e2 >= 0,)),
    ),
    definitions=(Definition(first_best, t1**2 / (2 * k1) + t2**2 / (2 * k2), "surplus with contractible efforts"),),
    players=(
        Player("P", (1 - s) * revenue + fee - k2 * e2**2 / 2, Pi_P, "the principal"),
        Player("A", s * revenue - fee - k1 * e1**2 / 2, U_A, "the agent"),
    ),
    protocols=(
        Protocol(
            HIDDEN,
            "Hidden efforts",
            (
                Stage((Decision(("P",), (s, fee), (Participation("A", Integer(0)),)),)),
                Stage((Decision(("A",), (e1,)), Decision(("P",), (e2,)))),
            ),
        ),
    ),
    claims=(
        Claim("a", "The agent's share exceeds one half.", 2 * At(s, HIDDEN) > 1),
        Claim("b", "Between equals revenue is shared equally.", Eq(2 * At(s, HIDDEN), 1), given=(Eq(t1, t2), Eq(k1, k2))),
        Claim("c", "Surplus is at least three quarters of the first best.", 4 * At(Pi_P, HIDDEN) >= 3 * At(first_best, HIDDEN)),
    ),
)
