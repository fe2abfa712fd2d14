"""Claims of the field with their verdicts, known from the literature, by hand or by construction; certificates are replayed."""

from __future__ import annotations

import pytest
from sympy import Abs, And, Eq, Expr, Function, Implies, Max, Min, Ne, Or, Rational, Symbol, diff, exp, sqrt, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.conditions import exact_condition
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove import HoldsIff, Proved, Refuted, Undecided, Vacuous, decide, from_text, prove, refute, to_text, witness
from derive.prove.space import space

a, b, c, d, g, h, k, m, n, p, r, s, t, u, v, w, x, y, z = symbols("a b c d gamma h k m n p r s t u v w x y z")
alpha, beta, delta, eta, rho, theta = symbols("alpha beta delta eta rho theta")
c1, c2, c3, e1, e2, e3, q1, q2 = symbols("c1 c2 c3 e1 e2 e3 q1 q2")
F = Function("F")
HALF = Rational(1, 2)

CONSIGNMENT = [b > g + 1, g >= 0, alpha > 0, alpha < HALF, c > 0]
SHARE_APART = ((b - g) * (1 - 2 * alpha) * (b - 1) + b * alpha) / ((b - g) * (b - b * alpha - 1 + 2 * alpha))
SHARE_JOINT = ((b - g - 1) * (1 - 2 * alpha) + alpha) / ((b - g - 1) * (1 - alpha) + alpha)

SERVICE = [k > 0, eta > 0, rho > 0, p > w, w > 0, d > w, s > 0, t > 0]
SHARING = (k**2 * (d**2 + w**2) - eta * rho * s * w * (p - w)) / (k**2 * (d**2 + w**2) + eta * rho * (t * d**2 + s * w**2))

POSITIVE3 = [x > 0, y > 0, z > 0]

# Facts about products of what is only known not to be negative: they say more than the signs of their factors.
VANISHING: list[tuple[Boolean, ...]] = [
    (a > c, c > 0, s >= 0, s > a, -(s**2) >= 0),
    (x >= 0, y >= 0, x * y <= 0, x > a, y > a, a > c, c > 0),
    (x >= 0, y >= 0, z >= 0, x * y * z <= 0, x > a, y > a, a > c, c > 0, z > a),
]

PROVED: list[tuple[str, Boolean, list[Boolean]]] = [
    # signs and orderings of rational equilibrium values
    ("share below one", SHARE_APART < 1, CONSIGNMENT),
    ("share positive", SHARE_APART > 0, CONSIGNMENT),
    ("joint share positive", SHARE_JOINT > 0, CONSIGNMENT),
    ("share falls in b", diff(SHARE_APART, b) < 0, CONSIGNMENT),
    ("share rises in gamma", diff(SHARE_APART, g) > 0, CONSIGNMENT),
    ("joint share falls in b", diff(SHARE_JOINT, b) < 0, CONSIGNMENT),
    ("shares ordered, weakly", SHARE_APART >= SHARE_JOINT, CONSIGNMENT),
    ("shares ordered, with competition", SHARE_APART > SHARE_JOINT, [*CONSIGNMENT, g > 0]),
    ("sharing ratio below one", SHARING < 1, SERVICE),
    ("risk aversion lowers the sharing ratio", diff(SHARING, rho) < 0, SERVICE),
    ("double margin", (3 * a + b * c) / (4 * b) > (a + b * c) / (2 * b), [a > b * c, b > 0, c > 0]),
    ("retail price below choke", (3 * a + b * c) / (4 * b) < a / b, [a > b * c, b > 0, c > 0]),
    ("duopoly above monopoly", 2 * (a - c) / (3 * b) > (a - c) / (2 * b), [a > c, b > 0]),
    ("n firms", n * (a - c) / (n + 1) < (n + 1) * (a - c) / (n + 2), [a > c, n >= 1]),
    ("leader above follower", (a - c) ** 2 / (8 * b) > (a - c) ** 2 / (16 * b), [a > c, b > 0]),
    ("agency intensity", diff(1 / (1 + rho * k * s), rho) < 0, [rho > 0, k > 0, s > 0]),
    ("patience threshold", diff((t - r) / (t - p), r) < 0, [t > r, r > p]),
    ("discount factor below one", (t - r) / (t - p) < 1, [t > r, r > p, p > s, 2 * r > t + s]),
    ("bargained share inside", And(beta * x / (beta + 1) > 0, beta * x / (beta + 1) < x), [beta > 0, x > 0]),
    # polynomial inequalities
    ("two squares", x**2 + y**2 >= 2 * x * y, []),
    ("three squares", x**2 + y**2 + z**2 >= x * y + y * z + z * x, []),
    ("box product", x * (1 - x) <= Rational(1, 4), [x >= 0, x <= 1]),
    ("inner box", (1 - x * y) * (1 + x * y) > 0, [x > 0, y > 0, x < 1, y < 1]),
    ("both above one", x * y + 1 > x + y, [x > 1, y > 1]),
    ("harmonic below arithmetic", 2 * x * y / (x + y) <= (x + y) / 2, [x > 0, y > 0]),
    ("sum and reciprocal", x + 1 / x >= 2, [x > 0]),
    ("means with unit product", x + y >= 2, [Eq(x * y, 1), x > 0]),
    ("three means with unit product", x + y + z >= 3, [Eq(x * y * z, 1), *POSITIVE3]),
    ("Nesbitt", x / (y + z) + y / (x + z) + z / (x + y) >= Rational(3, 2), POSITIVE3),
    ("Schur degree one", x * (x - y) * (x - z) + y * (y - x) * (y - z) + z * (z - x) * (z - y) >= 0, POSITIVE3),
    ("cubes ordered", x**3 > y**3, [x > y]),
    ("quartic form", x**4 - x**2 * y**2 + y**4 >= 0, []),
    ("transitive", x > z, [x > y, y > z]),
    ("mean between", And((x + y) / 2 > x, (x + y) / 2 < y), [x < y]),
    # second order
    ("definite 2 by 2", a * x**2 + 2 * b * x * y + c * y**2 >= 0, [a > 0, a * c > b**2]),
    ("quadratic without root", a * x**2 + b * x + c > 0, [a > 0, 4 * a * c > b**2]),
    ("dominant diagonal", 4 * b * b - g * g > 0, [b > g, g > 0]),
    ("three by three", 2 * b * (4 * b**2 - g**2) - 2 * g**2 * (b + g) > 0, [b > g, g > 0]),
    ("advertising", 4 * b * k - g**2 > 0, [k > g**2 / (2 * b), b > 0, g > 0]),
    # equations, cases, denominators
    ("substitution", x > 2, [Eq(x, y + 1), y > 1]),
    ("division by a positive", x > 1 / y, [Eq(x * y, 2), y > 0]),
    ("binding participation", Eq(u, v), [Eq(u - w, 0), Eq(v - w, 0)]),
    ("squeezed", Eq(x, y), [x >= y, y >= x]),
    ("product of a difference", x > 1, [(x - 1) * y > 0, y > 3]),
    ("nonzero since divided by", Ne(x, 0), [1 / x > y]),
    ("alternative assumption", x >= y, [Or(x >= y + 1, x >= 2 * y), y >= 0]),
    ("one of two", Or(x > 0, x < 1), []),
    ("implication", Implies(x > 1, x**2 > x), []),
    ("complementary slackness", x + y <= 1, [Eq(x * y, 0), x <= 1, y <= 1, x >= 0, y >= 0]),
    ("identity", Eq((x**2 - y**2) / (x - y), x + y), [x > y]),
    # sums of squares
    ("Motzkin", x**4 * y**2 + x**2 * y**4 + 1 - 3 * x**2 * y**2 >= 0, []),
    ("Choi and Lam", x**2 * y**2 + y**2 * z**2 + z**2 * x**2 + w**4 - 4 * x * y * z * w >= 0, []),
    ("four means", x**4 + y**4 + z**4 + w**4 >= 4 * x * y * z * w, []),
    ("quartic above a line", x**4 > 3 * x - 3, []),
    ("coupled quartics", x**4 + y**4 + 3 > 3 * x * y, []),
    ("no square of a number", 2 * x**4 + 2 * x**3 * y - x**2 * y**2 + 5 * y**4 >= 0, []),
    # the largest, the smallest, the distance; conditions among the assumptions
    ("larger of two", Max(x, y) >= (x + y) / 2, []),
    ("larger and smaller", Eq(Max(x, y) + Min(x, y), x + y), []),
    ("distance", Abs(x - y) <= Max(x, y), [x >= 0, y >= 0]),
    ("triangle", Abs(x + y) <= Abs(x) + Abs(y), []),
    ("dearer of two prices", Max((a + b * c) / (2 * b), (3 * a + b * c) / (4 * b)) > (a + b * c) / (2 * b), [a > b * c, b > 0]),
    ("least of three outputs", Eq(Min(a - c1, a - c2, a - c3), a - c3), [a > c3, c1 < c2, c2 < c3]),
    ("positive part", Max(0, a - b * p) ** 2 >= Max(0, a - b * p) * (a - b * p), []),
    ("largest cost below the price", c1 + c2 < 2 * a, [Max(c1, c2) < a]),
    ("condition given", a > c, [Implies(b > 0, a > c + 1), b > 1]),
    # roots, powers, unknown functions
    ("root of more than one", sqrt(x + 1) > 1, [x > 0]),
    ("geometric mean", sqrt(x * y) <= (x + y) / 2, [x > 0, y > 0]),
    ("profit at a power price", a * p ** (g - b) * z * (p - c) > 0, [p > c, c > 0, z > 0, a > 0]),
    ("power compared with itself", p ** (g - b + 1) > c * p ** (g - b), [p > c, c > 0]),
    ("unsold fraction", z * (1 - F(z)) > 0, [F(z) < 1, z > 0]),
    ("dearer sells less", a * p ** (g - b) * z > a * q1 ** (g - b) * z, [p < q1, p > 0, b > g + 1, a > 0, z > 0]),
    ("power above one", p**n > 1, [p > 1, n > 0]),
    ("Bernoulli", p**n >= 1 + n * (p - 1), [p > 0, n >= 1]),
    ("best power price", (n * c / (n - 1)) ** (-n) * c / (n - 1) >= p ** (-n) * (p - c), [n > 1, c > 0, p > 0]),
    ("Bernoulli, strictly", (1 + u) ** n > 1 + n * u, [u > 0, n > 1]),
    ("Bernoulli off the point", (1 + u) ** n > 1 + n * u, [u > -1, Ne(u, 0), n > 1]),
    (
        "two margins, strictly",
        (b * c / (b - 1)) ** (-b) * (c + 1) > (b * c / (b - 1) * (1 + u)) ** (-b) * (1 + b * u) * c,
        [b > 1, c > 0, u >= 0],
    ),
    (
        "the whole chain earns more, also at the edge",
        (1 - alpha) * (b - 1) * (b + 1) * ((b + 1) * n / (b * (n + 1)) * (1 + u)) ** n
        > (1 - alpha) * (b - 1) * (1 + n * u) * (n + 1),
        [alpha > 0, alpha < HALF, n > 1, b >= n, u > 0],
    ),
    ("power mean", x**n + y**n >= 2 * ((x + y) / 2) ** n, [x > 0, y > 0, n > 1]),
    ("decay", y * exp(-x) > 0, [y > 1]),
]

REFUTED: list[tuple[str, Boolean, list[Boolean]]] = [
    ("squares strictly", x**2 + y**2 + z**2 > x * y + y * z + z * x, POSITIVE3),
    ("sum and reciprocal strictly", x + 1 / x > 2, [x > 0, x >= HALF, y > x]),
    ("even factor dropped", (x - y) ** 2 * (x + y) > 0, [x > 0, y > 0, x + y < 5, x * y >= 1]),
    ("thin strip", Or(x + y < 1, x + y > 1 + Rational(1, 10**6)), [x > 0, y > 0]),
    ("thin region", x * y <= Rational(999, 1000), [x > 0, y > 0, x < 1, y < 1]),
    ("missed corner", x + y + z < Rational(29, 10), [x > 0, y > 0, z > 0, x < 1, y < 1, z < 1]),
    ("Schur strictly", x * (x - y) * (x - z) + y * (y - x) * (y - z) + z * (z - x) * (z - y) > 0, POSITIVE3),
    ("Bernoulli at the point", (1 + u) ** n > 1 + n * u, [u >= 0, n > 1]),
    ("Bernoulli at the exponent one", (1 + u) ** n > 1 + n * u, [u > 0, n >= 1]),
    ("powers ordered the wrong way", p ** (g - b) > q1 ** (g - b), [p > q1, q1 > 1, b > g + 1, g >= 0]),
    ("power against line", 2**n <= 3 * n + 1, [n >= 0]),
    ("never, whatever x", x**2 < 0, [x > 1]),
    ("implication at its edge", Implies(x >= 1, x**2 > x), []),
    ("larger of two strictly", Max(x, y) > (x + y) / 2, [x > 0, y > 0]),
    ("distance below the larger, strictly", Abs(x - y) < Max(x, y), [x >= 0, y >= 0]),
    ("largest cost does not bound the sum", c1 + c2 < a, [Max(c1, c2) < a, a > 0]),
    ("condition given in vain", a > c, [Implies(b > 0, a > c + 1), b < 1]),
    ("quartic touches a line", x**4 > 4 * x - 3, []),
    ("quartic below a line", x**4 + y**4 + 1 >= 4 * x * y, []),
    ("root below", sqrt(x) < x, [x > 0]),
    ("equal only at a point", Eq(x * (1 - x), Rational(1, 4)), [x >= 0, x <= 1, y > x]),
    ("leader always twice", Or((a - c) > 2 * (a - d), a < d), [a > c, a > d, c > 0, d > 0]),
]

CONDITIONAL: list[tuple[str, Relational, list[Boolean], Boolean]] = [
    ("shares ordered", SHARE_APART > SHARE_JOINT, CONSIGNMENT, g > 0),
    ("positive sharing", SHARING > 0, SERVICE, p < w + k**2 * (d**2 + w**2) / (eta * rho * s * w)),
    ("research", (2 * s - 1) * a > 0, [a > 0, s >= 0, s <= 1], s > HALF),
    ("fixed wage", a * (rho * k * s - 1) > 0, [a > 0, rho > 0, k > 0, s > 0], s > 1 / (k * rho)),
    ("third firm active", (a + c1 + c2 - 3 * c3) / 4 > 0, [a > c1, a > c2, c1 > 0, c2 > 0, c3 > 0], 3 * c3 < a + c1 + c2),
    ("grim below tit for tat", (t - r) / (t - p) <= (t - r) / (r - s), [t > r, r > p, p > s, 2 * r > t + s], r - s <= t - p),
    (
        "research with spillovers",
        (s + 1) / (9 * b * k - 2 * s * (s + 2) - 2) > (2 - s) / (9 * b * k + 2 * s * (s - 1) - 4),
        [b > 0, k > 0, s >= 0, s <= 1, b * k > 2],
        s > HALF,
    ),
    (
        "two plants or one",
        k / (4 * b * k - (s + 1) ** 2) >= k / (2 * (2 * b * k - s**2 - 1)),
        [b > 0, k > 0, s >= 0, s <= 1, b * k > 2],
        Eq(s, 1),
    ),
    ("strict square", x**2 > 0, [], Ne(x, 0)),
    ("ordered twice", And(x > y, y > z), [z > 1], And(x > y, y > z)),
    (
        "decentralise",
        (2 + x) * (2 - x**2) * (2 - x) > (4 - x - 2 * x**2) ** 2,
        [x > 0, x < 1],
        3 * x**4 + 4 * x**3 - 9 * x**2 - 8 * x + 8 < 0,
    ),
]

VACUOUS: list[tuple[str, Boolean, list[Boolean]]] = [
    ("empty interval", x > 1, [x > 2, x < 1]),
    ("cycle", x > 0, [x > y, y > z, z > x]),
    ("negative square", x > 0, [x**2 + y**2 < 0]),
    ("product of signs", y > 7, [x > 1, y > 1, x * y < 1]),
    ("both multipliers", x > 5, [Eq(2 - 2 * x - u, 0), u >= 0, x > 2]),
    ("denominator that vanishes", x > 5, [Eq(x, 0), 1 / x > 0]),
]

# True, but beyond the engines (or false in a way that no rational point shows): neither proved nor refuted.
UNDECIDED: list[tuple[str, Boolean, list[Boolean]]] = [
    ("division by what may vanish", 1 / x**2 > 0, [x >= 0]),
    ("irrational equality", Ne(x**2, 2), [x > 0]),
]


def _replayed(certificate: object) -> None:
    check(certificate)  # type: ignore[arg-type]
    again = from_text(to_text(certificate))  # type: ignore[arg-type]
    assert again == certificate
    check(again)


def _holds(claim: Boolean, at: dict[Symbol, Rational]) -> bool:
    value = claim.subs(at)
    assert value in (True, False)
    return bool(value)


@pytest.mark.parametrize("facts", VANISHING)
def test_a_product_that_is_not_positive_contradicts_positive_factors(facts: tuple[Boolean, ...]) -> None:
    certificate = refute(facts)
    assert certificate is not None
    check(certificate)


@pytest.mark.parametrize(("claim", "given"), [row[1:] for row in PROVED], ids=[row[0] for row in PROVED])
def test_true_claims_are_proved_and_the_proofs_replay(claim: Boolean, given: list[Boolean]) -> None:
    verdict = decide(claim, given)
    assert isinstance(verdict, Proved), verdict
    if not any(isinstance(fact, Implies) for fact in given):
        assert verdict.certificate.given == tuple(given)
    if not isinstance(claim, Implies):
        assert verdict.certificate.claim == claim
    _replayed(verdict.certificate)


@pytest.mark.parametrize(("claim", "given"), [row[1:] for row in REFUTED], ids=[row[0] for row in REFUTED])
def test_false_claims_have_a_counterexample(claim: Boolean, given: list[Boolean]) -> None:
    assert not isinstance(claim, Relational | And | Or) or prove(claim, given) is None
    verdict = decide(claim, given)
    assert isinstance(verdict, Refuted | HoldsIff), verdict
    point = dict(verdict.witness)
    assert all(_holds(fact, point) for fact in given)
    assert not _holds(claim, point)


@pytest.mark.parametrize(("claim", "given", "condition"), [row[1:] for row in CONDITIONAL], ids=[row[0] for row in CONDITIONAL])
def test_conditions_are_exact(claim: Relational, given: list[Boolean], condition: Boolean) -> None:
    verdict = decide(claim, given)
    assert isinstance(verdict, HoldsIff), verdict
    _replayed(verdict.sufficient)
    _replayed(verdict.necessary)
    assert verdict.sufficient.claim == claim
    assert verdict.necessary.claim == verdict.condition
    for one, other in ((verdict.condition, condition), (condition, verdict.condition)):
        proof = prove(one, [*given, other])
        assert proof is not None, (one, other)
        check(proof)
    assert not _holds(claim, dict(verdict.witness))


def test_a_distance_has_an_exact_condition() -> None:
    given = (c1 > 0, c2 > 0, a > 0)
    found = exact_condition(Abs(c1 - c2) < a, given, ())
    assert isinstance(found, HoldsIff)
    for one, other in ((found.condition, And(c1 < a + c2, c2 < a + c1)), (And(c1 < a + c2, c2 < a + c1), found.condition)):
        assert prove(one, [*given, other]) is not None
    _replayed(found.sufficient)
    _replayed(found.necessary)


def test_a_threshold_is_bracketed() -> None:
    _, claim, given, _ = CONDITIONAL[-1]
    verdict = decide(claim, given)
    assert isinstance(verdict, HoldsIff)
    (threshold,) = verdict.thresholds
    assert threshold.low < Rational("0.7078090516")
    assert threshold.high > Rational("0.7078090515")
    assert threshold.high - threshold.low < Rational(1, 10**4)


@pytest.mark.parametrize(("claim", "given"), [row[1:] for row in VACUOUS], ids=[row[0] for row in VACUOUS])
def test_contradictory_assumptions_are_found(claim: Boolean, given: list[Boolean]) -> None:
    verdict = decide(claim, given)
    assert isinstance(verdict, Vacuous), verdict
    _replayed(verdict.certificate)
    assert refute(given) is not None
    assert witness(given) is None


@pytest.mark.parametrize(("claim", "given"), [row[1:] for row in UNDECIDED], ids=[row[0] for row in UNDECIDED])
def test_what_is_out_of_reach_stays_undecided(claim: Boolean, given: list[Boolean]) -> None:
    verdict = decide(claim, given, work=5000)
    assert isinstance(verdict, Undecided), verdict
    assert verdict.smt in ("supports", "opposes", "unknown")


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (x * y > 0, [x > 0]),
        (1 / x > 0, [x >= 0]),
        (x / (x - y) > 1, [x > y]),
        ((x**2 - 1) / (x - 1) > 1, [x >= 1]),
        (sqrt(x) >= 0, []),
        (x ** (1 / y) > 0, [x > 0]),
        (p ** (a - b) < 1, [p > 1, b > 0]),
        (F(x) > 0, [x > 0, F(y) > 0]),
        (x > 0, [sqrt(y) > 1]),
        (Or(x > 0, 1 / x < 0), []),
        ((x - 1) ** 2 > 0, [x > 0]),
    ],
)
def test_traps_are_not_proved(claim: Boolean, given: list[Boolean]) -> None:
    assert prove(claim, given) is None


def test_witnesses_satisfy_everything_exactly() -> None:
    for given in (
        [x > y, y > z, z > x - 1, Eq(k, x * y)],
        [x > 0, x < Rational(1, 10**6), Eq(y, 1 / x)],
        [Eq(x + y, 1), Eq(x - y, 0)],
        [Or(x < -5, x > 7), x > 0],
        [x * y > 100, x + y < 21, x > 0, y > 0],
        [Eq(x**2, 4), x < 0],
    ):
        point = witness(given)
        assert point is not None
        assert all(_holds(fact, point) for fact in given)
    assert witness([x**2 < 0]) is None


def test_truth_and_trivial_claims() -> None:
    proof = prove(true, [x > 0])
    assert proof is not None
    check(proof)
    assert refute([x > 0]) is None


def test_a_point_of_relations_with_irrational_values() -> None:
    """No value of sqrt(2) x is rational, and 2 < sqrt(2) x < 3 holds at x = 2 all the same; x = sqrt(2) y at no rational point but 0."""
    given = (x > 0, sqrt(2) * x > 2, sqrt(2) * x < 3)
    point = witness(given)
    assert point is not None
    assert 2 < point[x] ** 2 < Rational(9, 2)
    assert witness([Eq(sqrt(2) * y, x), y > 0]) is None


def test_there_are_enough_claims() -> None:
    assert len(PROVED) + len(REFUTED) + len(CONDITIONAL) + len(VACUOUS) + len(UNDECIDED) >= 80


def test_expressions_are_declared_symbols() -> None:
    assert all(isinstance(value, Expr) for value in (SHARE_APART, SHARE_JOINT, SHARING))


def test_the_zero_polynomial_stays_zero_where_a_fraction_is_put_in() -> None:
    """Its degree is -1, and no denominator is left over."""
    ring = space((x, y))
    top, bottom = ring.variables[1], ring.variables[1] + 1
    assert ring.put(ring.zero, 0, top, bottom) == (ring.zero, 0)


def test_a_threshold_is_written_without_a_minus_before_it() -> None:
    verdict = decide(k * (a - b * c) / (4 * b * y - k**2) < 1, (a > b * c, b > 0, c > 0, k > 0, 4 * b * y > k**2))
    assert isinstance(verdict, HoldsIff)
    assert str(verdict.condition) == "y > (a*k - b*c*k + k**2)/(4*b)"
