"""What the paper prints: equations (1) and (4) to (16). The derivation does not read this."""

from sympy import Eq, Integer

from derive.ir import At, PrintedFormula, PrintedRelation, symbols

p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r = symbols("p_d p_r w k eta rho v_0 sigma2_d sigma2_r")
s_d, s_r, alpha, beta, Pi_m, CE_r = symbols("s_d s_r alpha beta Pi_m CE_r")

margin = p_r - w + beta * w
mean = alpha + k * beta * p_d * s_d + k * margin * s_r - eta / 2 * (s_d**2 + s_r**2)
variance = margin**2 * sigma2_r + beta**2 * p_d**2 * sigma2_d
surplus = k * p_d * s_d + k * p_r * s_r - eta / 2 * (s_d**2 + s_r**2)
hidden = At(beta, "asymmetric")

STATEMENT = (
    PrintedFormula("(1)", "", Pi_m, (1 - beta) * k * p_d * s_d + (1 - beta) * k * w * s_r - alpha),
    PrintedFormula("(4), (5), (6)", "", CE_r, mean - rho * variance / 2),
)

SYMMETRIC = (
    PrintedRelation(
        "(8)", "symmetric", Eq(alpha, v_0 - (mean - alpha) + rho * variance / 2), "the binding participation constraint"
    ),
    PrintedRelation("(9)", "symmetric", Eq(Pi_m, surplus - rho * variance / 2 - v_0), "building blocks legible"),
    PrintedFormula("section 3", "symmetric", s_d, k * p_d / eta),
    PrintedFormula("section 3", "symmetric", s_r, k * p_r / eta),
    PrintedFormula("section 3", "symmetric", beta, Integer(0)),
    PrintedFormula(
        "(10)",
        "symmetric",
        alpha,
        v_0 - k**2 * p_r * (p_r - w) / eta + k**2 * (p_d**2 + p_r**2) / (2 * eta) + rho * sigma2_r * (p_r - w) ** 2 / 2,
    ),
    PrintedFormula(
        "(10)", "symmetric", Pi_m, -v_0 + k**2 * (p_d**2 + p_r**2) / (2 * eta) - rho * sigma2_r * (p_r - w) ** 2 / 2
    ),
)

ASYMMETRIC = (
    PrintedFormula("section 4", "asymmetric", s_d, beta * k * p_d / eta),
    PrintedFormula("section 4", "asymmetric", s_r, k * margin / eta),
    PrintedRelation("(12)", "asymmetric", Eq(Pi_m, surplus - rho * variance / 2 - v_0), "building blocks legible"),
    PrintedFormula(
        "(13)",
        "asymmetric",
        beta,
        (k**2 * (p_d**2 + w**2) - eta * rho * sigma2_r * w * (p_r - w))
        / (k**2 * (p_d**2 + w**2) + eta * rho * (sigma2_d * p_d**2 + sigma2_r * w**2)),
    ),
    PrintedFormula(
        "(14)",
        "asymmetric",
        alpha,
        v_0
        - k**2 / (2 * eta) * (beta**2 * p_d**2 + margin**2)
        + rho / 2 * (beta**2 * p_d**2 * sigma2_d + margin**2 * sigma2_r),
        "building blocks legible, exact layout lost",
    ),
    PrintedFormula(
        "(15)",
        "asymmetric",
        Pi_m,
        -v_0
        + (1 - beta) * k**2 * p_d**2 * beta / eta
        + (k**2 / (2 * eta) - rho * sigma2_d / 2) * beta**2 * p_d**2
        + (1 - beta) * k**2 * w * margin / eta
        + (k**2 / (2 * eta) - rho * sigma2_r / 2) * margin**2,
    ),
)

COST_OF_ASYMMETRY = (
    PrintedRelation(
        "(16)",
        "",
        Eq(
            At(Pi_m, "symmetric") - At(Pi_m, "asymmetric"),
            k**2 * (1 - hidden) ** 2 * p_d**2 / (2 * eta)
            + k**2 * (1 - hidden) ** 2 * w**2 / (2 * eta)
            + rho / 2 * (hidden**2 * p_d**2 * sigma2_d + sigma2_r * hidden * w * (2 * p_r - 2 * w + hidden * w)),
        ),
        "building blocks legible, layout re-derived",
    ),
)

PRINTED = (*STATEMENT, *SYMMETRIC, *ASYMMETRIC, *COST_OF_ASYMMETRY)
