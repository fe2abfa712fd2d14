"""Bargaining inside a protocol: a wholesale price, a fee, a price after an investment is sunk."""

from __future__ import annotations

from sympy import Expr, Integer, Rational
from sympy.logic.boolalg import Boolean

from derive.ir import Bargain, Decision, Definition, Feasibility, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, b, c, g, k, w, p, q, T, x, al, d_1, d_2, Pi_M, Pi_R = symbols("a b c g k w p q T x al d_1 d_2 Pi_M Pi_R")
HALF = (Rational(1, 2), Rational(1, 2))
DEMAND = (a > 0, b > 0, c >= 0, a > b * c)


def parameters(*names: Expr) -> tuple[Parameter, ...]:
    return tuple(Parameter(symbol, f"parameter {symbol}") for symbol in names)


def wholesale(weights: tuple[Expr, Expr] = HALF, extra: tuple[Boolean, ...] = (), more: tuple[Expr, ...] = ()) -> Model:
    """The wholesale price is bargained over, then the retailer sets its price."""
    bargain = Decision(("M", "R"), (w,), bargain=Bargain(weights))
    return Model(
        key="wholesale", title="A wholesale price is bargained over", source="", parameters=parameters(a, b, c, *more),
        assumptions=(*DEMAND, *extra),
        variables=(Variable(w, "wholesale price", (w >= c, w <= a / b)), Variable(p, "retail price", (p >= 0, p <= a / b))),
        definitions=(Definition(q, a - b * p, "demand"),),
        players=(Player("M", (w - c) * q, Pi_M, "manufacturer"), Player("R", (p - w) * q, Pi_R, "retailer")),
        protocols=(Protocol("chain", "Bargaining first", (Stage((bargain,)), Stage((Decision(("R",), (p,)),)))),),
    )  # fmt: skip


def greening() -> Model:
    """Ghosh and Shah 2012: the two bargain over an effort x that costs the manufacturer k x**2, then it names w, then the retailer p."""
    bargain = Decision(("M", "R"), (x,), bargain=Bargain(HALF))
    stages = (Stage((bargain,)), Stage((Decision(("M",), (w,)),)), Stage((Decision(("R",), (p,)),)))
    return Model(
        key="greening", title="An effort is bargained over", source="", parameters=parameters(a, b, c, g, k),
        assumptions=(*DEMAND, g > 0, k > 0, 4 * b * k > g**2),
        variables=tuple(Variable(symbol, str(symbol), (symbol >= 0,)) for symbol in (w, x, p)),
        definitions=(Definition(q, a - b * p + g * x, "demand"),),
        players=(Player("M", (w - c) * q - k * x**2, Pi_M, "manufacturer"), Player("R", (p - w) * q, Pi_R, "retailer")),
        protocols=(Protocol("chain", "Bargaining first", stages),),
    )  # fmt: skip


def fee(
    weights: tuple[Expr, Expr] = HALF,
    none: tuple[Expr, ...] = (),
    extra: tuple[Boolean, ...] = (),
    more: tuple[Expr, ...] = (),
) -> Model:
    """Price and fee are bargained over together, or the fee alone once the price is set."""
    both = Decision(("M", "R"), (p, T), bargain=Bargain(weights, none))
    alone = Decision(("M", "R"), (T,), bargain=Bargain(weights, none))
    stages = (Stage((Decision(("R",), (p,)),)), Stage((alone,)))
    return Model(
        key="fee", title="A fee is bargained over", source="", parameters=parameters(a, b, c, *more),
        assumptions=(*DEMAND, *extra),
        variables=(Variable(T, "fee"), Variable(p, "retail price", (p >= c, p <= a / b))),
        definitions=(Definition(q, a - b * p, "demand"),),
        players=(Player("M", T - c * q, Pi_M, "manufacturer"), Player("R", p * q - T, Pi_R, "retailer")),
        protocols=(
            Protocol("together", "Price and fee", (Stage((both,)),)),
            *(() if none else (Protocol("later", "The fee last", stages),)),
        ),
    )  # fmt: skip


def holdup() -> Model:
    """Grossman and Hart 1986: the seller invests, then the price is bargained over; what is sunk is sunk for both."""
    bargain = Decision(("S", "B"), (T,), bargain=Bargain(HALF, (-k * x**2 / 2, Integer(0))))
    return Model(
        key="holdup", title="An investment is sunk before the price is bargained over", source="", parameters=parameters(a, k),
        assumptions=(a > 0, k > 0),
        variables=(Variable(x, "investment", (x >= 0,)), Variable(T, "price")),
        players=(Player("S", T - k * x**2 / 2, Pi_M, "seller"), Player("B", a * x - T, Pi_R, "buyer")),
        protocols=(
            Protocol("holdup", "Bargaining later", (Stage((Decision(("S",), (x,)),)), Stage((bargain,)))),
            Protocol("joint", "Investing together", (Stage((Decision(("S", "B"), (x,)),)),)),
        ),
    )  # fmt: skip


def renting() -> Model:
    """A firm of capacity k may rent more from its rival before they compete in quantities."""
    bargain = Decision(("M", "R"), (x, T), bargain=Bargain(HALF))
    later = Stage((Decision(("M",), (p,)), Decision(("R",), (q,), (Feasibility("capacity", q <= k + x),))))
    return Model(
        key="renting", title="Capacity is rented from a rival", source="", parameters=parameters(a, k),
        assumptions=(k > 0, 3 * k < a),
        variables=(
            Variable(x, "rented", (x >= 0,)), Variable(T, "fee"), Variable(p, "output of M", (p >= 0,)), Variable(q, "of R", (q >= 0,)),
        ),
        players=(Player("M", (a - p - q) * p + T, Pi_M, "the owner"), Player("R", (a - p - q) * q - T, Pi_R, "the tenant")),
        protocols=(Protocol("rent", "Renting first", (Stage((bargain,)), later)),),
    )  # fmt: skip


def supply(none: tuple[Expr, ...] = (), extra: tuple[Boolean, ...] = (), lowest: Expr = c) -> Model:
    """Price and quantity of a supply are bargained over together (McDonald and Solow 1981: efficient bargains)."""
    both = Decision(("M", "R"), (w, x), bargain=Bargain((al, 1 - al), none))
    return Model(
        key="supply", title="A supply is bargained over", source="", parameters=parameters(a, b, c, al, *none),
        assumptions=(a > c, b > 0, c > 0, al > 0, al < 1, *extra),
        variables=(Variable(w, "price", (w >= lowest,)), Variable(x, "quantity", (x >= 0,))),
        players=(Player("M", (w - c) * x, Pi_M, "supplier"), Player("R", (a - b * x - w) * x, Pi_R, "retailer")),
        protocols=(Protocol("efficient", "Both terms at once", (Stage((both,)),)),),
    )  # fmt: skip
