"""A closed-loop supply chain: who collects used products? (Savaskan, Bhattacharya and Van Wassenhove 2004)."""

from sympy import And, Eq, Rational

from derive.ir import At, Claim, Decision, Definition, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols

phi, b, cm, Dl, CL = symbols("phi b cm Dl CL")
w, B, p, tau_M, tau_R, tau_T, tau, D = symbols("w B p tau_M tau_R tau_T tau D")
Pi_M, Pi_R, Pi_T, Pi = symbols("Pi_M Pi_R Pi_T Pi")

CENTRAL, MAKER, SHOP, THIRD = "C", "M", "R", "TP"
NOT_MAKER = Feasibility("the manufacturer does not collect", Eq(tau_M, 0))
NOT_SHOP = Feasibility("the retailer does not collect", Eq(tau_R, 0))
NOT_THIRD = Feasibility("no third party collects", Eq(tau_T, 0))
NOBODY_ELSE = Decision(("T",), (tau_T,), (NOT_THIRD,))

model = Model(
    key="reverse_channel_structures",
    title="Closed-loop supply chain: three reverse channel structures and a central planner",
    source="Savaskan, Bhattacharya and Van Wassenhove (2004) Closed-loop supply chain models with product remanufacturing, "
    "Management Science 50(2), 239-252",
    parameters=(
        Parameter(phi, "market size"),
        Parameter(b, "price sensitivity"),
        Parameter(cm, "cost of a new unit"),
        Parameter(Dl, "saving per returned unit"),
        Parameter(CL, "scale of the collection cost"),
    ),
    assumptions=(phi > 0, b > 0, cm > 0, Dl > 0, CL > 0, phi > b * cm, Dl < cm, b * Dl**2 + Dl * (phi - b * cm) < 4 * CL),
    variables=(
        Variable(w, "wholesale price", (w >= 0,)),
        Variable(B, "payment per returned unit", (B >= 0, Dl >= B)),
        Variable(p, "retail price", (p >= 0, p <= phi / b)),
        Variable(tau_M, "return rate that the manufacturer achieves", (tau_M >= 0, tau_M <= 1)),
        Variable(tau_R, "return rate that the retailer achieves", (tau_R >= 0, tau_R <= 1)),
        Variable(tau_T, "return rate that a third party achieves", (tau_T >= 0, tau_T <= 1)),
    ),
    definitions=(
        Definition(D, phi - b * p, "demand"),
        Definition(tau, tau_M + tau_R + tau_T, "return rate"),
        Definition(Pi, Pi_M + Pi_R + Pi_T, "profit of the whole chain"),
    ),
    players=(
        Player("M", D * (w - cm + Dl * tau - B * (tau_R + tau_T)) - CL * tau_M**2, Pi_M, "manufacturer"),
        Player("R", D * (p - w + B * tau_R) - CL * tau_R**2, Pi_R, "retailer"),
        Player("T", B * tau_T * D - CL * tau_T**2, Pi_T, "third party"),
    ),
    protocols=(
        Protocol(
            CENTRAL,
            "A central planner",
            (Stage((Decision(("M", "R", "T"), (p, tau_M, tau_R, tau_T), (NOT_SHOP, NOT_THIRD)),)),),
        ),
        Protocol(
            MAKER,
            "The manufacturer collects",
            (Stage((Decision(("M",), (w, tau_M)),)), Stage((Decision(("R",), (p, tau_R), (NOT_SHOP,)), NOBODY_ELSE))),
        ),
        Protocol(
            SHOP,
            "The retailer collects",
            (Stage((Decision(("M",), (w, B, tau_M), (NOT_MAKER,)),)), Stage((Decision(("R",), (p, tau_R)), NOBODY_ELSE))),
        ),
        Protocol(
            THIRD,
            "A third party collects",
            (
                Stage((Decision(("M",), (w, B, tau_M), (NOT_MAKER,)),)),
                Stage((Decision(("R",), (p, tau_R), (NOT_SHOP,)), Decision(("T",), (tau_T,)))),
            ),
        ),
    ),
    claims=(
        Claim(
            "a",
            "Return rates rank C > R > M > TP.",
            And(At(tau, CENTRAL) > At(tau, SHOP), At(tau, SHOP) > At(tau, MAKER), At(tau, MAKER) > At(tau, THIRD)),
        ),
        Claim(
            "b",
            "Retail prices rank C < R < M < TP.",
            And(At(p, CENTRAL) < At(p, SHOP), At(p, SHOP) < At(p, MAKER), At(p, MAKER) < At(p, THIRD)),
        ),
        Claim(
            "c",
            "The manufacturer prefers R to M to TP.",
            And(At(Pi_M, SHOP) > At(Pi_M, MAKER), At(Pi_M, MAKER) > At(Pi_M, THIRD)),
        ),
        Claim(
            "d", "The retailer prefers R to M to TP.", And(At(Pi_R, SHOP) > At(Pi_R, MAKER), At(Pi_R, MAKER) > At(Pi_R, THIRD))
        ),
        Claim(
            "e",
            "With the retailer collecting, total profit exceeds 75% of the central profit.",
            At(Pi_M, SHOP) + At(Pi_R, SHOP) > Rational(3, 4) * At(Pi, CENTRAL),
        ),
    ),
    errata=("e",),
)
