"""Games of any number of players who are alike: a coalition's worth depends on its size alone.

What treats equals alike divides the worth of all equally. A property of the game is the sign of one expression at all sizes; how that
changes with the size leaves few sizes to be looked at, and their signs are the conditions on the parameters.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import Eq, Expr, Ge, Integer, Ne, Or, Piecewise, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import signed_product
from derive.certificates import Certificate
from derive.coalition.ir import CONCEPTS, PROPERTIES, TITLES, CoalitionGame
from derive.coalition.steps import EqualShares, Judged, SizeCriterion, SizeWorth, Trend
from derive.decision.hill import value_at
from derive.errors import Refusal, StatementError
from derive.field import NotRational, normal
from derive.prove import prove, refute, witness
from derive.solution import Case, Gap, Proposition, Regime, Solution, Without
from derive.steps import Step

__all__ = ["derive_alike", "is_alike"]

_EQUAL = ("shapley", "nucleolus", "prenucleolus")
_PROPERTIES = ("superadditivity", "convexity", "core", "shapley_core")
_NUMBERS = 6  # of players at which points are looked for
_TEXT = {
    "superadditivity": "The game is superadditive",
    "convexity": "The game is convex",
    "core": "The core is not empty",
    "shapley_core": "The Shapley value is in the core",
}


def is_alike(game: CoalitionGame) -> bool:
    """Whether players of the game stand for several who are alike."""
    return any(member.count != 1 for member in game.players)


def derive_alike(game: CoalitionGame) -> tuple[Solution, ...]:
    """Everything that can be derived, one solution per concept. Raises StatementError and Refusal as for other games."""
    argument = _Alike(game)
    wanted = game.concepts or tuple(key for key in CONCEPTS if key in (*_EQUAL[:2], *_PROPERTIES))
    found: list[Solution] = []
    refused: list[str] = []
    for concept in (key for key in CONCEPTS if key in wanted or key == "shapley"):
        try:
            found.append(argument.solution(concept))
        except Refusal as refusal:
            if concept in game.concepts:
                raise refusal.located(model=game.key, protocol=concept) from None
            refused.append(f"{concept}: {refusal.message}")
    first = found[0]
    found[0] = Solution(first.model, first.protocol, "", first.assumptions, first.regimes, first.argument, (), tuple(refused))
    return tuple(found)


class _Alike:
    """The statement, read as a function of the size of a coalition."""

    def __init__(self, game: CoalitionGame) -> None:
        if len(game.players) != 1 or game.rule is None:
            raise Refusal("players who are alike beside others are not settled", model=game.key)
        (member,) = game.players
        if member.indicator is None or not isinstance(member.count, Symbol):
            raise StatementError("players who are alike need an indicator and a symbol for their number", model=game.key)
        self.game, self.size, self.count = game, member.indicator, member.count
        self.share = member.share
        self.sign = 1 if game.kind == "value" else -1
        rule = game.rule
        for item in reversed(game.definitions):
            rule = rule.xreplace({item.symbol: item.value})
        self.worth = _of_some(rule, self.size, game)
        self.given = game.assumptions
        if prove(self.count >= 2, self.given) is None:
            raise StatementError("assume that there are at least two players", model=game.key, symbol=str(self.count))
        start = value_at(self.worth, {self.size: Integer(0)}, (*self.given, self.size >= 0))
        self.starts_at_zero = start is not None and normal(start) == 0
        if not self.starts_at_zero and self.worth == rule:
            raise StatementError("the rule must give the empty coalition nothing; state it by cases", model=game.key)

    def at(self, size: Expr) -> Expr:
        return self.worth.xreplace({self.size: size})

    def solution(self, concept: str) -> Solution:
        if concept in _EQUAL:
            return self.equal(concept)
        if concept in _PROPERTIES:
            return self.property(concept)
        raise Refusal("this is not derived for players who are alike")

    # --- equal shares

    def equal(self, concept: str) -> Solution:
        value = normal(self.at(self.count) / self.count)
        certificate: Certificate | None = None
        region: tuple[Boolean, ...] = ()
        gaps: tuple[Gap, ...] = ()
        if concept == "nucleolus":
            enough = Ge(normal(self.sign * (value - self.at(Integer(1)))), 0)
            reason = "no division gives every player what it has alone"
            certificate = prove(enough, self.given) if enough != sympy.true else None
            if enough == sympy.false or refute((*self.given, enough)) is not None:
                raise Refusal(f"{reason}, so there is no nucleolus")
            if certificate is None and enough != sympy.true:
                region, gaps = (enough,), (Gap((enough.negated,), Without.INFEASIBLE, reason),)
        steps: list[Step] = []
        opening: tuple[Proposition, ...] = ()
        if concept == "shapley":
            stated = SizeWorth(label="worths", size=self.size, count=self.count, worth=self.worth, cost=self.sign < 0)
            opening = (Proposition("shapley-worths", "statement", "Characteristic function", "As stated.", (), (stated,)),)
        steps.append(
            EqualShares(
                label=f"{concept}-share",
                uses=("worths",),
                given=region,
                concept=concept,
                share=self.share,
                value=value,
                certificate=certificate,
                cost=self.sign < 0,
            )
        )
        values = ((self.share, value),)
        text = "All players receive the same." if self.sign > 0 else "All players pay the same."
        shown = Proposition(concept, "proposition", TITLES[concept], text, (Case(region, values),), tuple(steps))
        return Solution(self.game.key, concept, "", self.given, (Regime("all", region, values),), (*opening, shown), gaps)

    # --- properties

    def property(self, concept: str) -> Solution:
        step = self.criterion(concept)
        symbol = PROPERTIES[concept]
        open_ones = tuple(c for c in step.conditions if prove(c, self.given) is None)
        regimes: list[Regime] = []
        gaps: list[Gap] = []
        for name, value, region in (
            ("holds", S.One, open_ones),
            ("fails", S.Zero, () if sympy.false in open_ones else (Or(*(c.negated for c in open_ones)),)),
        ):
            if (sympy.false in open_ones) if value == 1 else not open_ones:
                continue
            if not region or self.met(region):
                regimes.append(Regime(name, region, ((symbol, value),)))
            elif refute((*self.given, *region)) is None:
                gaps.append(Gap(region, Without.UNSETTLED, "no admissible parameters of that kind are known"))
        if not regimes:
            raise Refusal("neither parameters with the property nor parameters without it are known")
        if len(regimes) == 1 and not gaps:
            regimes = [Regime(regimes[0].name, (), regimes[0].values)]
        text = _TEXT[concept] + (" exactly" if regimes[0].region else ":")
        if len(regimes) == 1 and regimes[0].name == "fails":
            text = _TEXT[concept].replace(" is ", " is not ", 1).replace("is not not", "is") + ":"
        if self.sign < 0:
            text = text.replace("superadditive", "subadditive").replace("convex", "concave")
        cases = tuple(Case(regime.region, regime.values) for regime in regimes[:1])
        shown = Proposition(concept, "proposition", TITLES[concept], text, cases, (step,))
        return Solution(self.game.key, concept, "", self.given, tuple(regimes), (shown,), tuple(gaps))

    def met(self, region: tuple[Boolean, ...]) -> bool:
        """Whether a point of the region is known, with a whole number of players."""
        everything = (*self.given, *region)
        numbers = (Integer(number) for number in range(2, 2 + _NUMBERS))
        return any(
            witness([one.xreplace({self.count: n}) for one in everything], prefer_small=False) is not None for n in numbers
        )

    def criterion(self, concept: str) -> SizeCriterion:
        """The first way that settles which sizes decide."""
        s, n, one = self.size, self.count, Integer(1)
        ways: list[Callable[[], SizeCriterion | None]] = []
        bend = self.sign * self.worth.diff(s, 2)
        if concept in ("core", "shapley_core"):
            slack = self.sign * (s * self.at(n) / n - self.worth)
            average = self.sign * (s * self.worth.diff(s) - self.worth)
            ways = [
                lambda: self.judge(concept, Judged.SLACK, slack, one, n - 1),
                lambda: self.judge(concept, Judged.AVERAGE, average, one, n, free=True),
            ]
        elif concept == "convexity" and self.starts_at_zero:
            slack = self.sign * (self.at(s + 2) - 2 * self.at(s + 1) + self.worth)
            ways = [
                lambda: self.judge(concept, Judged.BEND, bend, S.Zero, n, free=True),
                lambda: self.judge(concept, Judged.SLACK, slack, S.Zero, n - 2),
            ]
        elif concept == "superadditivity" and self.starts_at_zero:
            ways = [lambda: self.judge(concept, Judged.BEND, bend, S.Zero, n, free=True)]
        elif normal(bend) == 0:
            ways = [lambda: self.judge(concept, Judged.START, -self.sign * self.at(S.Zero), S.Zero, n, free=True)]
        for way in ways:
            found = way()
            if found is not None:
                return found
        raise Refusal("the sign at all sizes is not settled by the sign at few of them")

    def judge(
        self, concept: str, judged: Judged, expression: Expr, low: Expr, high: Expr, *, free: bool = False
    ) -> SizeCriterion | None:
        s = self.size
        inside = (*self.given, s >= low if low != 0 or judged is Judged.SLACK else s > 0, s <= high)
        try:
            split = signed_product(normal(expression), inside)
            core = normal(split.core)
        except (Refusal, NotRational, ZeroDivisionError):
            return None
        trend, conditions, certificate = self._trend(core, inside, low, high)
        if trend is None or (free and trend is not Trend.FREE):
            return None
        return SizeCriterion(
            label=f"{concept}-criterion",
            uses=("worths",),
            concept=concept,
            size=s,
            low=low,
            high=high,
            judged=judged,
            expression=expression,
            positive=split.positive,
            core=core,
            trend=trend,
            conditions=conditions,
            positivity=split.certificate,
            certificate=certificate,
            cost=self.sign < 0,
        )

    def _trend(
        self, core: Expr, inside: tuple[Boolean, ...], low: Expr, high: Expr
    ) -> tuple[Trend | None, tuple[Boolean, ...], Certificate | None]:
        s = self.size

        def at(size: Expr) -> Boolean:
            return Ge(normal(core.xreplace({s: size})), 0)

        if s not in core.free_symbols:
            return Trend.FREE, tuple(c for c in (Ge(core, 0),) if c != sympy.true), None
        always = prove(Ge(core, 0), inside)
        if always is not None:
            return Trend.POSITIVE, (), always
        slope = normal(core.diff(s))
        for trend, claim, ends in (
            (Trend.RISING, Ge(slope, 0), (low,)),
            (Trend.FALLING, sympy.Le(slope, 0), (high,)),
            (Trend.CONCAVE, sympy.Le(normal(slope.diff(s)), 0), (low, high)),
        ):
            certificate = None if claim == sympy.true else prove(claim, inside) if claim != sympy.false else None
            if claim == sympy.true or certificate is not None:
                return trend, tuple(c for c in map(at, ends) if c != sympy.true), certificate
        return None, (), None


def _of_some(rule: Expr, size: Symbol, game: CoalitionGame) -> Expr:
    """The worth of a coalition that is not empty."""
    if isinstance(rule, Piecewise) and len(rule.args) == 2 and rule.args[1][0] == 0:
        value, condition = rule.args[0]
        if condition in (size > 0, size >= 1, Ne(size, 0)):
            rule = value
        elif condition == Eq(size, 0):
            raise StatementError("state what a coalition with members is worth first, and 0 in the last case", model=game.key)
    if rule.atoms(Piecewise, sympy.Max, sympy.Min, sympy.Abs):
        raise Refusal("a worth that has cases in the size of a coalition is not settled", model=game.key)
    return rule
