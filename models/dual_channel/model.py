"""Service incentives in a dual-channel supply chain (Chen, Yang 2014)."""

from sympy import Integer

from derive.ir import (
    CARA,
    Decision,
    Definition,
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

from .claims import CLAIMS
from .printed import PRINTED

p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r = symbols("p_d p_r w k eta rho v_0 sigma2_d sigma2_r")
eps_d, eps_r, s_d, s_r, alpha, beta = symbols("epsilon_d epsilon_r s_d s_r alpha beta")
Q_d, Q_r, t, C_d, C_r, Pi_m, CE_r, Pi = symbols("Q_d Q_r t C_d C_r Pi_m CE_r Pi")

PARAMETERS = (
    Parameter(p_d, "price in the direct channel", "money per unit", "p_d"),
    Parameter(p_r, "price at the retailer", "money per unit", "p_r"),
    Parameter(w, "wholesale price", "money per unit", "w"),
    Parameter(k, "sales per unit of service, in both channels", "units", "k"),
    Parameter(eta, "cost of service", "money", r"\eta"),
    Parameter(rho, "the retailer's absolute risk aversion", "1 per money", r"\rho"),
    Parameter(v_0, "the retailer's reservation certainty equivalent", "money", "v_0"),
    Parameter(sigma2_d, "variance of direct sales", "units squared", r"\sigma_d^2"),
    Parameter(sigma2_r, "variance of the retailer's sales", "units squared", r"\sigma_r^2"),
)

ASSUMPTIONS = (p_d > 0, w > 0, w < p_r, k > 0, eta > 0, rho > 0, sigma2_d > 0, sigma2_r > 0)

VARIABLES = (
    Variable(s_d, "service to the direct channel", (s_d >= 0, s_d <= 1), latex="s_d"),
    Variable(s_r, "service to the retail channel", (s_r >= 0, s_r <= 1), latex="s_r"),
    Variable(alpha, "fixed payment to the retailer", (), "money", r"\alpha"),
    Variable(beta, "the retailer's share of the manufacturer's revenue", (beta >= 0, beta <= 1), latex=r"\beta"),
)

DEFINITIONS = (
    Definition(Q_d, k * s_d + eps_d, "direct sales", "units", "Q_d"),
    Definition(Q_r, k * s_r + eps_r, "the retailer's sales", "units", "Q_r"),
    Definition(t, alpha + beta * (p_d * Q_d + w * Q_r), "payment to the retailer", "money", "t"),
    Definition(C_d, eta * s_d**2 / 2, "cost of service to the direct channel", "money", "C(s_d)"),
    Definition(C_r, eta * s_r**2 / 2, "cost of service to the retail channel", "money", "C(s_r)"),
    Definition(Pi, Pi_m + CE_r, "the system's profit", "money", r"\Pi"),
)

MANUFACTURER = Player("M", p_d * Q_d + w * Q_r - t, Pi_m, "manufacturer (principal)", unit="money", latex=r"\Pi_m")
RETAILER = Player(
    "R",
    p_r * Q_r - w * Q_r + t - C_d - C_r,
    CE_r,
    "retailer (agent), who serves the customers of both channels",
    risk=CARA(rho),
    unit="money",
    latex=r"\mathrm{CE}_r",
)

ACCEPTANCE = Participation("R", v_0)

PROTOCOLS = (
    Protocol(
        "symmetric",
        "Symmetric information",
        (Stage((Decision(("M",), (s_d, s_r, alpha, beta), (ACCEPTANCE,)),)),),
        note="Service is observable, so the manufacturer fixes it in the contract.",
    ),
    Protocol(
        "asymmetric",
        "Asymmetric information",
        (
            Stage((Decision(("M",), (alpha, beta), (ACCEPTANCE,)),)),
            Stage((Decision(("R",), (s_d, s_r)),)),
        ),
        note="Service is hidden: the retailer chooses it after the contract is signed.",
    ),
)

# Refuted as stated for all admissible parameters, each with a counterexample in the audit; mostly because the paper looks at the
# interior of the service levels and of the sharing ratio only, and reads monotonicity off its figures.
ERRATA = tuple(f"001-{number}" for number in (2, 8, 10, 12, 13, 14, 17, 18))

model = Model(
    key="dual_channel",
    title="Service incentives in a dual-channel supply chain",
    source="chen2014service",
    parameters=PARAMETERS,
    assumptions=ASSUMPTIONS,
    variables=VARIABLES,
    players=(MANUFACTURER, RETAILER),
    protocols=PROTOCOLS,
    definitions=DEFINITIONS,
    shocks=(
        Shock(eps_d, Normal(Integer(0), sigma2_d), "noise in direct sales", "units", r"\varepsilon_d"),
        Shock(eps_r, Normal(Integer(0), sigma2_r), "noise in the retailer's sales", "units", r"\varepsilon_r"),
    ),
    claims=CLAIMS,
    printed=PRINTED,
    errata=ERRATA,
    abstract=(
        "A risk-neutral manufacturer sells directly and through a retailer, and entrusts the service of both channels to that "
        "retailer, who has constant absolute risk aversion. Service raises sales and costs the retailer. The manufacturer "
        "offers a fixed payment and a share of its own revenue."
    ),
)
