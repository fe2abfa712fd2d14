"""What the paper claims, as printed. Nothing here is a verdict; a claim may be wrong."""

from sympy import And, Eq, Rational
from sympy.logic.boolalg import Boolean

from derive.ir import At, Claim, Slope, symbols

p_d, p_r, w, k, eta, rho, v_0, sigma2_d, sigma2_r = symbols("p_d p_r w k eta rho v_0 sigma2_d sigma2_r")
s_d, s_r, beta, Pi_m, CE_r, Pi = symbols("s_d s_r beta Pi_m CE_r Pi")

FIGURES = (
    Eq(p_d, Rational(1, 2)),
    Eq(p_r, Rational(3, 5)),
    Eq(w, Rational(3, 10)),
    Eq(v_0, Rational(1, 10)),
    Eq(sigma2_d, 2),
    Eq(sigma2_r, Rational(3, 2)),
    Eq(rho, Rational(1, 2)),
    Eq(k, Rational(1, 2)),
)

seen, hidden = "symmetric", "asymmetric"
cost_of_asymmetry = At(Pi_m, seen) - At(Pi_m, hidden)


def claim(number: int, text: str, asserts: Boolean | None, **details: object) -> Claim:
    return Claim(f"001-{number}", text, asserts, window=FIGURES, **details)


CLAIMS = (
    claim(
        1,
        "Symmetric optimum: s_i = k p_i/eta, beta = 0; the retailer receives only the fixed payment; service does not depend "
        "on the sharing ratio.",
        And(Eq(At(s_d, seen), k * p_d / eta), Eq(At(s_r, seen), k * p_r / eta), Eq(At(beta, seen), 0)),
        source="section 3",
    ),
    claim(
        2,
        "(13) solves the asymmetric problem.",
        Eq(
            At(beta, hidden),
            (k**2 * (p_d**2 + w**2) - eta * rho * sigma2_r * w * (p_r - w))
            / (k**2 * (p_d**2 + w**2) + eta * rho * (sigma2_d * p_d**2 + sigma2_r * w**2)),
        ),
        source="section 4, (13)",
    ),
    claim(
        3,
        "Direct service is proportional to the sharing ratio and inversely proportional to the service cost.",
        Eq(At(s_d, hidden), At(beta, hidden) * k * p_d / eta),
        source="section 4",
    ),
    claim(
        4,
        "Retail service is higher when p_r - w is large.",
        Slope(At(s_r, hidden), p_r) > 0,
        source="section 4; read as: at given w, a higher p_r raises s_r",
    ),
    claim(
        5,
        "A more risk-averse retailer gets a lower sharing ratio.",
        Slope(At(beta, hidden), rho) < 0,
        source="section 4",
    ),
    claim(
        6,
        "A lower service cost earns the retailer a larger sharing ratio under asymmetry.",
        Slope(At(beta, hidden), eta) < 0,
        source="section 4",
    ),
    claim(
        7,
        "(16) is always positive: asymmetry costs the manufacturer.",
        cost_of_asymmetry > 0,
        source="section 5, (16)",
    ),
    claim(
        8,
        "The derivative of (16) with respect to eta has a definite sign; with cheaper service the manufacturer loses more.",
        Slope(cost_of_asymmetry, eta) < 0,
        given=(w < p_d,),
        needs="the sign of the derivative, which is lost; the negative sign is read from the sentence around it",
        source="section 5",
    ),
    claim(
        9,
        "The manufacturer's profit decreases in eta with and without symmetry.",
        And(Slope(At(Pi_m, seen), eta) < 0, Slope(At(Pi_m, hidden), eta) < 0),
        source="section 5",
    ),
    claim(
        10,
        "Under asymmetry the decrease with eta is only slightly larger than under symmetry.",
        Slope(At(Pi_m, hidden), eta) < Slope(At(Pi_m, seen), eta),
        source="Figs 2-3; read without 'only slightly'",
    ),
    claim(
        11,
        "Concealment has no serious influence on the manufacturer's profit.",
        None,
        needs="what counts as serious, and the range of eta in Figs 2-3, which is lost",
        source="Figs 2-3",
    ),
    claim(
        12,
        "Service to the retail channel is always above service to the direct channel.",
        And(At(s_r, seen) > At(s_d, seen), At(s_r, hidden) > At(s_d, hidden)),
        source="Figs 4-5",
    ),
    claim(
        13,
        "With increasing service cost the differentiation of the two service levels becomes ever more obvious, especially "
        "under asymmetry.",
        And(Slope(At(s_r, seen) - At(s_d, seen), eta) > 0, Slope(At(s_r, hidden) - At(s_d, hidden), eta) > 0),
        source="Figs 4-5; differentiation read as the difference s_r - s_d",
    ),
    claim(
        14,
        "Both service levels are lower under asymmetry than under symmetry.",
        And(At(s_d, hidden) < At(s_d, seen), At(s_r, hidden) < At(s_r, seen)),
        source="Figs 4-5",
    ),
    claim(
        15,
        "The retailer's profit is the same in both cases; the system's profit falls under asymmetry.",
        And(Eq(At(CE_r, seen), At(CE_r, hidden)), At(Pi, hidden) < At(Pi, seen)),
        source="section 5",
    ),
    claim(
        16,
        "Manufacturer and retailer both profit more when service is differentiated (s_d != s_r).",
        None,
        needs="the game with s_d = s_r that the profits are compared with, which the paper does not state",
        source="section 5",
    ),
    claim(
        17,
        "A decrease of the service cost reduces the manufacturer's profit.",
        And(Slope(At(Pi_m, seen), eta) > 0, Slope(At(Pi_m, hidden), eta) > 0),
        source="conclusion",
    ),
    claim(
        18,
        "More uncertainty reduces the manufacturer's profit.",
        And(
            Slope(At(Pi_m, seen), sigma2_d) < 0,
            Slope(At(Pi_m, seen), sigma2_r) < 0,
            Slope(At(Pi_m, hidden), sigma2_d) < 0,
            Slope(At(Pi_m, hidden), sigma2_r) < 0,
        ),
        source="conclusion; read of both structures and both variances",
    ),
)
