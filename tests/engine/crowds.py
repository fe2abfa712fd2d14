"""Games between identical players, any number of them, stated for the tests."""

from __future__ import annotations

from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.ir import Aggregate, Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

a, b, c, d, g, n, q, Q, U, W = symbols("a b c d g n q Q U W")


def crowd(
    objective: Expr,
    *assumptions: Boolean,
    domain: tuple[Boolean, ...] = (q >= 0,),
    of: Expr = q,
    least: int = 1,
    before: tuple[Player, Symbol] | None = None,
    after: tuple[Player, Symbol] | None = None,
) -> Model:
    """``n`` identical players called firms choose ``q`` at the same time, ``Q`` is the sum of `of`; one may move before or after."""
    group = (Player("firms", objective, U, count=n), q)
    moves = [move for move in (before, group, after) if move is not None]
    known = (*assumptions, n >= least)
    variables = [Variable(s, "choice", domain if s == q else (s >= 0,)) for _, s in moves]
    chosen = {s for _, s in moves} | {Q} | {player.payoff for player, _ in moves}
    spoken = {s for relation in known for s in relation.free_symbols} | {s for p, _ in moves for s in p.objective.free_symbols}
    return Model(
        key="crowd",
        title="",
        source="",
        parameters=tuple(Parameter(s, "", integer=s == n) for s in sorted(spoken - chosen, key=str)),
        assumptions=known,
        variables=tuple(variables),
        aggregates=(Aggregate(Q, of, "firms", "total"),),
        players=tuple(player for player, _ in moves),
        protocols=(Protocol("game", "", tuple(Stage((Decision((player.name,), (s,)),)) for player, s in moves)),),
    )


def oligopoly() -> Model:
    """Cournot with rising marginal cost."""
    return crowd((a - b * Q) * q - c * q - d * q**2 / 2, a > c, b > 0, c >= 0, d >= 0)


def retailers() -> Model:
    """A manufacturer's wholesale price, then Cournot competition of its retailers."""
    w = Symbol("w", real=True)
    maker = Player("maker", (w - c) * Q, W)
    return crowd((a - b * Q - w) * q, a > c, b > 0, c >= 0, before=(maker, w))


def assembly() -> Model:
    """Suppliers of complements name their prices, then the assembler names its own."""
    p = Symbol("p", real=True)
    assembler = Player("assembler", (p - Q) * (a - p), W)
    return crowd((q - c) * (a - p), a > n * c, c >= 0, after=(assembler, p))


def price_only_assembly(*bounds: Boolean) -> Model:
    """Suppliers of complements name their prices, then the assembler says how much it buys (Wang and Gerchak 2003)."""
    p = Symbol("p", real=True)
    assembler = Player("assembler", (a - p - Q) * p, W)
    return crowd((q - c) * p, a > n * c, c >= 0, domain=(q >= 0, *bounds), after=(assembler, p))


def contest() -> Model:
    """Rent seeking with a lottery (Tullock 1980, exponent one)."""
    return crowd(a * q / Q - q, a > 0, least=2)


def power_contest() -> Model:
    """Rent seeking with any exponent (Tullock 1980, Perez-Castrillo and Verdier 1992)."""
    return crowd(a * q**b / Q - q, a > 0, b > 0, of=q**b, least=2)


def circle() -> Model:
    """Prices on a circle of unit length (Salop 1979): half of the neighbours' market on either side."""
    t = Symbol("t", real=True)
    return crowd((q - c) * (1 / n + ((Q - q) / (n - 1) - q) / t), t > 0, c >= 0, least=2)


def isoelastic() -> Model:
    """Cournot with demand of constant elasticity."""
    return crowd((Q**-g - c) * q, g > 0, g < 1, c > 0, least=2)


def public_good() -> Model:
    """Voluntary contributions at rising personal cost."""
    return crowd(a * Q - b * Q**2 / 2 - c * q**2 / 2, a > 0, b > 0, c > 0)


def public_good_at_constant_cost() -> Model:
    """Only the sum of contributions matters at the margin: how it is shared is left open."""
    return crowd(a * Q - b * Q**2 / 2 - c * q, a > c, b > 0, c > 0)


def bounded() -> Model:
    """Cournot under a capacity."""
    return crowd((a - Q) * q, a > 0, d > 0, domain=(q >= 0, q <= d))


HALF = Rational(1, 2)
