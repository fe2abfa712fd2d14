"""Classic games, stated for the tests. Published solutions stand in the tests that use them."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import (
    CARA,
    Constraint,
    Decision,
    Feasibility,
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


def decide(by: str | tuple[str, ...], *chooses: Symbol, subject_to: tuple[Constraint, ...] = ()) -> Decision:
    return Decision((by,) if isinstance(by, str) else by, chooses, subject_to)


def protocol(key: str, *stages: tuple[Decision, ...]) -> Protocol:
    return Protocol(key, key, tuple(Stage(stage) for stage in stages))


def model(
    key: str,
    parameters: tuple[Symbol, ...],
    assumptions: tuple[Boolean, ...],
    variables: dict[Symbol, tuple[Boolean, ...]],
    players: tuple[Player, ...],
    *protocols: Protocol,
    shocks: tuple[Shock, ...] = (),
) -> Model:
    return Model(
        key=key,
        title=key,
        source="test",
        parameters=tuple(Parameter(p, str(p)) for p in parameters),
        assumptions=assumptions,
        variables=tuple(Variable(v, str(v), domain) for v, domain in variables.items()),
        players=players,
        protocols=protocols,
        shocks=shocks,
    )


def serial_chain() -> Model:
    """Spengler (1950): a manufacturer sells through a retailer with linear demand."""
    a, b, c, w, p, profit_m, profit_r = symbols("a b c w p Pi_M Pi_R")
    sales = a - b * p
    return model(
        "chain",
        (a, b, c),
        (a > 0, b > 0, c >= 0, a > b * c),
        {w: (w >= 0,), p: (p >= 0, p <= a / b)},
        (Player("M", (w - c) * sales, profit_m), Player("R", (p - w) * sales, profit_r)),
        protocol("decentralised", (decide("M", w),), (decide("R", p),)),
        protocol("integrated", (decide(("M", "R"), p),)),
    )


def four_tiers() -> Model:
    """Spengler (1950) iterated over four tiers; Corbett and Karmarkar (2001)."""
    a, b, c1, c2, c3, c4, w1, w2, w3, p = symbols("a b c1 c2 c3 c4 w1 w2 w3 p")
    pays = symbols("Pi_1 Pi_2 Pi_3 Pi_4")
    sales = a - b * p
    margins = (w1 - c1, w2 - w1 - c2, w3 - w2 - c3, p - w3 - c4)
    return model(
        "tiers",
        (a, b, c1, c2, c3, c4),
        (a > 0, b > 0, c1 >= 0, c2 >= 0, c3 >= 0, c4 >= 0, a > b * (c1 + c2 + c3 + c4)),
        {w1: (w1 >= 0,), w2: (w2 >= 0,), w3: (w3 >= 0,), p: (p >= 0, p <= a / b)},
        tuple(Player(f"T{i}", m * sales, pay) for i, (m, pay) in enumerate(zip(margins, pays, strict=True), 1)),
        protocol("chain", (decide("T1", w1),), (decide("T2", w2),), (decide("T3", w3),), (decide("T4", p),)),
    )


def cournot() -> Model:
    """Three firms with ordered costs; the dearer ones may stay out."""
    a, c1, c2, c3, q1, q2, q3 = symbols("a c1 c2 c3 q1 q2 q3")
    pays = symbols("Pi_1 Pi_2 Pi_3")
    total = q1 + q2 + q3
    firms = zip((q1, q2, q3), (c1, c2, c3), pays, strict=True)
    return model(
        "cournot",
        (a, c1, c2, c3),
        (a > 0, c1 >= 0, c2 >= 0, c3 >= 0, c1 <= c2, c2 <= c3, c1 < a),
        {q: (q >= 0,) for q in (q1, q2, q3)},
        tuple(Player(f"F{i}", (a - total - c) * q, pay) for i, (q, c, pay) in enumerate(firms, 1)),
        protocol("simultaneous", tuple(decide(f"F{i}", q) for i, q in enumerate((q1, q2, q3), 1))),
    )


def channels() -> Model:
    """McGuire and Staelin (1983): two exclusive channels with substitutable products."""
    th, w1, w2, p1, p2 = symbols("th w1 w2 p1 p2")
    m1, m2, r1, r2 = symbols("Pi_M1 Pi_M2 Pi_R1 Pi_R2")
    q1, q2 = 1 - p1 + th * p2, 1 - p2 + th * p1
    return model(
        "channels",
        (th,),
        (th > 0, th < 1),
        {v: (v >= 0,) for v in (w1, w2, p1, p2)},
        (
            Player("M1", w1 * q1, m1),
            Player("M2", w2 * q2, m2),
            Player("R1", (p1 - w1) * q1, r1),
            Player("R2", (p2 - w2) * q2, r2),
        ),
        protocol("DD", (decide("M1", w1), decide("M2", w2)), (decide("R1", p1), decide("R2", p2))),
        protocol("ID", (decide("M2", w2),), (decide(("M1", "R1"), p1), decide("R2", p2))),
    )


def agency() -> Model:
    """Holmstrom and Milgrom (1987): linear contract, CARA agent, normal noise."""
    k, r, s2, u, fixed, share, effort, noise, principal, agent = symbols("k r s2 U0 al be e eps Pi_P CE_A")
    output = effort + noise
    return model(
        "agency",
        (k, r, s2, u),
        (k > 0, r > 0, s2 > 0),
        {fixed: (), share: (), effort: (effort >= 0,)},
        (
            Player("P", output - fixed - share * output, principal),
            Player("A", fixed + share * output - k * effort**2 / 2, agent, risk=CARA(r)),
        ),
        protocol("hidden", (decide("P", fixed, share, subject_to=(Participation("A", u),)),), (decide("A", effort),)),
        protocol("observed", (decide("P", fixed, share, effort, subject_to=(Participation("A", u),)),)),
        shocks=(Shock(noise, Normal(Integer(0), s2), "noise"),),
    )


def franchise() -> Model:
    """Bhattacharyya and Lafontaine (1995): both parties' efforts are hidden."""
    t1, t2, k1, k2, s, fee, e1, e2, principal, agent = symbols("t1 t2 k1 k2 s fee e1 e2 Pi_P U_A")
    output = t1 * e1 + t2 * e2
    return model(
        "franchise",
        (t1, t2, k1, k2),
        (t1 > 0, t2 > 0, k1 > 0, k2 > 0),
        {s: (s >= 0, s <= 1), fee: (), e1: (e1 >= 0,), e2: (e2 >= 0,)},
        (
            Player("P", (1 - s) * output + fee - k2 * e2**2 / 2, principal),
            Player("A", s * output - fee - k1 * e1**2 / 2, agent),
        ),
        protocol(
            "share",
            (decide("P", s, fee, subject_to=(Participation("A", Integer(0)),)),),
            (decide("P", e2), decide("A", e1)),
        ),
    )


def closed_loop() -> Model:
    """Savaskan, Bhattacharya and Van Wassenhove (2004): a planner, and a manufacturer who collects."""
    phi, b, cm, saving, cost, p, tau, w, maker, seller = symbols("phi b cm Dl CL p tau w Pi_M Pi_R")
    demand = phi - b * p
    return model(
        "closed_loop",
        (phi, b, cm, saving, cost),
        (
            phi > 0,
            b > 0,
            cm > 0,
            saving > 0,
            cost > 0,
            phi > b * cm,
            saving < cm,
            4 * cost > b * saving**2 + saving * (phi - b * cm),
        ),
        {p: (p >= 0, p <= phi / b), tau: (tau >= 0, tau <= 1), w: (w >= 0,)},
        (Player("M", demand * (w - cm + saving * tau) - cost * tau**2, maker), Player("R", demand * (p - w), seller)),
        protocol("central", (decide(("M", "R"), p, tau),)),
        protocol("collects", (decide("M", w, tau),), (decide("R", p),)),
    )


def clipped() -> Model:
    """A quadratic payoff on the unit interval: inside, or at either end."""
    m, x, pay = symbols("m x U")
    return model(
        "clipped",
        (m,),
        (m >= -5,),
        {x: (x >= 0, x <= 1)},
        (Player("A", m * x - x**2, pay),),
        protocol("one", (decide("A", x),)),
    )


def one_choice(objective: Expr, *domain: Boolean, assumptions: tuple[Boolean, ...] = ()) -> Model:
    """One player, one choice ``x`` on a domain, with a parameter ``m``."""
    m, x, pay = symbols("m x U")
    return model("single", (m,), assumptions, {x: domain}, (Player("A", objective, pay),), protocol("one", (decide("A", x),)))


def matching(first: Expr, second: Expr, *constraints: Feasibility) -> Model:
    """Two players with one choice each, on the unit interval."""
    m, x, y, u, v = symbols("m x y U V")
    return model(
        "two",
        (m,),
        (m > 0,),
        {x: (x >= 0, x <= 1), y: (y >= 0, y <= 1)},
        (Player("A", first, u), Player("B", second, v)),
        protocol("one", (decide("A", x, subject_to=constraints), decide("B", y))),
    )
