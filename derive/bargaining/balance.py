"""What each solution of a bargaining problem balances, as a function of the coordinate of the frontier."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Symbol

from derive.bargaining.ir import BargainingProblem
from derive.errors import Refusal
from derive.field import derivative, normal

__all__ = ["Curve", "balance_of", "curve_of", "offers_possible", "written_out"]


@dataclass(frozen=True)
class Curve:
    """The frontier: payoffs and gains as functions of ``x``, definitions written out."""

    x: Symbol
    payoffs: tuple[Expr, Expr]
    gains: tuple[Expr, Expr]

    def slope(self, player: int) -> Expr:
        """How that player's payoff changes along the frontier."""
        return derivative(self.payoffs[player], self.x)

    def bend(self) -> Expr:
        """Negative where the frontier is concave."""
        one, two = self.payoffs
        return normal(two.diff(self.x, 2) * one.diff(self.x) - two.diff(self.x) * one.diff(self.x, 2))


def written_out(problem: BargainingProblem, expression: Expr) -> Expr:
    """An expression with the problem's definitions put in."""
    for item in reversed(problem.definitions):
        expression = expression.xreplace({item.symbol: item.value})
    return expression


def curve_of(problem: BargainingProblem) -> Curve:
    """The frontier of a valid statement."""
    one, two = (written_out(problem, player.objective) for player in problem.players)
    none = tuple(written_out(problem, player.disagreement) for player in problem.players)
    return Curve(problem.along.symbol, (one, two), (normal(one - none[0]), normal(two - none[1])))


def balance_of(problem: BargainingProblem, solution: str, curve: Curve, low: Expr, high: Expr) -> Expr:
    """The balance of a solution. Raises Refusal for what the statement has no data for."""
    x = curve.x
    first, second = curve.gains
    if solution == "nash":
        power = [written_out(problem, player.weight) for player in problem.players]
        return power[0] * curve.slope(0) * second + power[1] * curve.slope(1) * first
    if solution == "kalai_smorodinsky":
        most = first.xreplace({x: high}), second.xreplace({x: low})
        return most[0] * second - most[1] * first
    if solution == "egalitarian":
        return second - first
    if solution == "utilitarian":
        return curve.slope(0) + curve.slope(1)
    return _alternating(problem, curve, low, high)


def offers_possible(problem: BargainingProblem, curve: Curve, low: Expr, high: Expr) -> None:
    """Raises Refusal for a statement of which the argument on alternating offers does not hold."""
    x = curve.x
    one, two = problem.players
    if one.discount is None or two.discount is None:
        raise Refusal("alternating offers need both players' discount factors")
    if normal(curve.payoffs[0] - x) != 0:
        raise Refusal(f"alternating offers need the frontier with {one.name}'s payoff as its coordinate")
    nothing = (one.disagreement, two.disagreement, curve.payoffs[0].xreplace({x: low}), curve.payoffs[1].xreplace({x: high}))
    if any(normal(written_out(problem, value)) != Integer(0) for value in nothing):
        raise Refusal("alternating offers need disagreement payoffs of zero and a frontier that reaches both of them")


def _alternating(problem: BargainingProblem, curve: Curve, low: Expr, high: Expr) -> Expr:
    x = curve.x
    one, two = problem.players
    offers_possible(problem, curve, low, high)
    patience = [written_out(problem, player.discount) for player in (one, two) if player.discount is not None]
    return curve.payoffs[1] - patience[1] * curve.payoffs[1].xreplace({x: patience[0] * x})
