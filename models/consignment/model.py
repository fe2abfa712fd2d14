"""Consignment with revenue sharing: two competing suppliers, one retailer (Zhu, Niu, He 2013)."""

from sympy import Eq, Min, Rational

from derive.coalition.ir import CoalitionGame, Member
from derive.ir import (
    Decision,
    Definition,
    Exponential,
    Feasibility,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Player,
    PowerDistribution,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)

from .claims import CLAIMS
from .printed import PRINTED

a, b, gamma, c, alpha, A, B, mu, k = symbols("a b gamma c alpha A B mu k")
eps, r, p1, p2, z1, z2 = symbols("epsilon r p_1 p_2 z_1 z_2")
y1, y2, D1, D2, q1, q2, q, c_S, c_R = symbols("y_1 y_2 D_1 D_2 q_1 q_2 q c_S c_R")
Pi_R, Pi_S1, Pi_S2, Pi_S, Pi = symbols("Pi_R Pi_S1 Pi_S2 Pi_S Pi")

PARAMETERS = (
    Parameter(a, "market size", latex="a"),
    Parameter(b, "elasticity of demand in the product's own price", latex="b"),
    Parameter(gamma, "elasticity of demand in the rival's price", latex=r"\gamma"),
    Parameter(c, "cost of both suppliers and the retailer together, 2 c_S + c_R", "money per unit", r"c"),
    Parameter(alpha, "one supplier's share of that cost, c_S/c", latex=r"\alpha"),
    Parameter(A, "least value of the demand shock", latex="A"),
    Parameter(B, "largest value of the demand shock", latex="B"),
    Parameter(mu, "mean of the demand shock", latex=r"\mu"),
)

ASSUMPTIONS = (
    a > 0,
    b > 1,
    gamma >= 0,
    b > gamma + 1,
    c > 0,
    alpha > 1 - 2 * alpha,
    1 - 2 * alpha > 0,
    A >= 0,
    B > A,
    mu > A,
    mu < B,
)

DEMAND = (
    Definition(c_S, alpha * c, "unit cost of each supplier", "money per unit", "c_S"),
    Definition(c_R, (1 - 2 * alpha) * c, "unit cost of the retailer", "money per unit", "c_R"),
    Definition(y1, a * p1 ** (-b) * p2**gamma, "scale of demand for product 1", "units", "y_1"),
    Definition(y2, a * p2 ** (-b) * p1**gamma, "scale of demand for product 2", "units", "y_2"),
    Definition(D1, y1 * eps, "demand for product 1", "units", "D_1"),
    Definition(D2, y2 * eps, "demand for product 2", "units", "D_2"),
    Definition(q1, y1 * z1, "stock of product 1", "units", "q_1"),
    Definition(q2, y2 * z2, "stock of product 2", "units", "q_2"),
    Definition(q, q1 + q2, "total stock", "units", "q"),
)

TOTALS = (
    Definition(Pi_S, Pi_S1 + Pi_S2, "expected profit of both suppliers", "money", r"\Pi_S"),
    Definition(Pi, Pi_R + Pi_S1 + Pi_S2, "expected profit of the chain", "money", r"\Pi"),
)

VARIABLES = (
    Variable(r, "share of each unit's price that the retailer keeps", (r >= 0, r < 1), latex="r"),
    Variable(p1, "price of product 1", (p1 > 0,), "money per unit", "p_1"),
    Variable(p2, "price of product 2", (p2 > 0,), "money per unit", "p_2"),
    Variable(z1, "stocking factor of product 1", (z1 >= A, z1 <= B), latex="z_1"),
    Variable(z2, "stocking factor of product 2", (z2 >= A, z2 <= B), latex="z_2"),
)

SUPPLIER_1 = Player(
    "S1", (1 - r) * p1 * Min(q1, D1) - c_S * q1, Pi_S1, "supplier of product 1", unit="money", latex=r"\Pi_{S1}"
)
SUPPLIER_2 = Player(
    "S2", (1 - r) * p2 * Min(q2, D2) - c_S * q2, Pi_S2, "supplier of product 2", unit="money", latex=r"\Pi_{S2}"
)
RETAILER = Player(
    "R",
    r * p1 * Min(q1, D1) + r * p2 * Min(q2, D2) - c_R * (q1 + q2),
    Pi_R,
    "retailer, who sells both products on consignment",
    unit="money",
    latex=r"\Pi_R",
)

ONE_PRICE_ONE_STOCK = (
    Feasibility("common price", Eq(p1, p2)),
    Feasibility("common stocking factor", Eq(z1, z2)),
)

PROTOCOLS = (
    Protocol(
        "C",
        "Centralised chain",
        (Stage((Decision(("R", "S1", "S2"), (p1, p2, z1, z2), ONE_PRICE_ONE_STOCK),)),),
        note="One planner sets one price and one total stock; the retailer's share r is a transfer inside the chain.",
    ),
    Protocol(
        "TDC",
        "Totally decentralised chain",
        (
            Stage((Decision(("R",), (r,)),)),
            Stage((Decision(("S1",), (p1, z1)), Decision(("S2",), (p2, z2)))),
        ),
        note="The retailer announces one share for both; then each supplier sets its own price and stock.",
    ),
    Protocol(
        "PDC",
        "Partially decentralised chain",
        (
            Stage((Decision(("R",), (r,)),)),
            Stage((Decision(("S1", "S2"), (p1, p2, z1, z2), ONE_PRICE_ONE_STOCK),)),
        ),
        note="The retailer announces one share; then the suppliers jointly set one price and one total stock.",
    ),
)

INSTANCES = (
    Instance("uniform", ((eps, Uniform(Rational(0), B)),), note="uniform on [0, B]"),
    Instance("exponential", ((eps, Exponential(mu)),), note="exponential with mean mu"),
    Instance(
        "power",
        ((eps, PowerDistribution(B, k)),),
        (Parameter(k, "exponent of the power law", latex="k"),),
        (k > 0,),
        note="F(x) = (x/B)**k on [0, B]",
    ),
)

# Refuted as printed, each with a counterexample in the audit: (6) the condition itself; (15), (17), (21), (28), (31) already at
# gamma = 0, where the two structures coincide; (18), (19) near b = 2 at gamma = 1; (25), (26), (29) away from the paper's window.
ERRATA = tuple(f"003-{number}" for number in (6, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31))

model = Model(
    key="consignment",
    title="Consignment with revenue sharing: two competing suppliers and one retailer",
    source="zhu2013consignment",
    parameters=PARAMETERS,
    assumptions=ASSUMPTIONS,
    variables=VARIABLES,
    players=(RETAILER, SUPPLIER_1, SUPPLIER_2),
    protocols=PROTOCOLS,
    definitions=(*DEMAND, *TOTALS),
    shocks=(
        Shock(
            eps, GeneralDistribution("F", A, B, mu, igfr=True), "demand shock, the same for both products", latex=r"\varepsilon"
        ),
    ),
    instances=INSTANCES,
    claims=CLAIMS,
    printed=PRINTED,
    errata=ERRATA,
    abstract=(
        "Two symmetric suppliers sell substitutes through one retailer on consignment. When a unit sells, the retailer keeps "
        "the fraction r of its price and pays the rest to the supplier. Demand is isoelastic in both prices with a "
        "multiplicative shock; a product's stock is its stocking factor times the scale of its demand. There is one selling "
        "period without salvage value or shortage cost. Every unit stocked, sold or not, costs its supplier c_S = alpha c and "
        "the retailer c_R = (1 - 2 alpha) c. The share r = 1, under which a supplier earns nothing on a sale, is not admitted."
    ),
)

x_R, x_S1, x_S2 = symbols("x_R x_S1 x_S2")

# Whoever stays outside a coalition acts for itself. The paper has no structure in which the retailer joins with one supplier:
# these two then do no better than everybody for itself.
game = CoalitionGame(
    key="consignment",
    title="The coalitions of the retailer and the two suppliers",
    source="zhu2013consignment",
    players=(
        Member("R", x_R, "retailer", unit="money"),
        Member("S1", x_S1, "supplier of product 1", unit="money"),
        Member("S2", x_S2, "supplier of product 2", unit="money"),
    ),
    plays=(
        (("R",), "TDC"),
        (("S1",), "TDC"),
        (("S2",), "TDC"),
        (("R", "S1"), "TDC"),
        (("R", "S2"), "TDC"),
        (("S1", "S2"), "PDC"),
        (("R", "S1", "S2"), "C"),
    ),
    instance="uniform",
    concepts=("shapley", "superadditivity", "convexity", "core", "shapley_core"),
)
