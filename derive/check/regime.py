"""One regime re-derived from the statement: payoffs recomputed, bounds kept, and the first-order conditions of backward induction.

What later stages do is differentiated through their own first-order conditions (implicit functions), and participation enters with
its multiplier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import mpmath
import sympy
from sympy import Expr, Integer, Matrix, Symbol

from derive.check.binding import Gradients, another_as_good, as_good, carried_apart, carriers, unanswered_last
from derive.check.context import Context
from derive.check.derivatives import derivative
from derive.check.exactly import LARGE, exactly_zero
from derive.check.game import game_of
from derive.check.groups import others_of, told_apart
from derive.check.lawpieces import overage_among
from derive.check.moments import certain, expected
from derive.check.otherwise import as_good_as_recorded, as_good_otherwise
from derive.check.play import Play, equilibrium, without_internal
from derive.check.sample import Point, flat
from derive.check.slopes import slopes_at, written_out
from derive.check.stated import against_the_rule, not_binding
from derive.check.steps import definitions_out, settle
from derive.check.values import number, numbers
from derive.ir import CARA, Decision, Distribution, GeneralDistribution, Model, Participation
from derive.shocks import Overage
from derive.solution import Case, Regime, Solution

__all__ = ["RegimeCheck"]

Slopes = Mapping[Symbol, Mapping[Symbol, Expr]]


class _TooManyBind(Exception):
    """More constraints bind than there are choices they could be solved for."""


class RegimeCheck:
    """The verification of one regime from the statement."""

    def __init__(
        self,
        model: Model,
        solution: Solution,
        regime: Regime,
        play: Play,
        points: list[Point],
        rejections: list[str],
        notes: list[str],
    ) -> None:
        model = play.model if solution.instance else model
        whole, model = model, told_apart(model, model.protocol(solution.protocol))
        self.play, self.protocol = play, model.protocol(solution.protocol)
        #: For each stage, what all others of its groups choose while one member decides, with the member's own choices.
        self.mirrors = tuple(others_of(whole, self.protocol, stage.decisions) for stage in self.protocol.stages)
        self.model, self.regime, self.rejections, self.notes = model, regime, rejections, notes
        self.stages = self.protocol.stages
        self.recorded: dict[int, list[Case]] = {}
        for response in (r for r in solution.responses if not r.implicit):
            self.recorded.setdefault(response.stage, []).extend(response.cases)
        self.laws: dict[Symbol, Distribution] = {s.symbol: s.distribution for s in model.shocks}
        chosen = [symbol for stage in self.stages for decision in stage.decisions for symbol in decision.chooses]
        domain = [r for v in model.variables if v.symbol in chosen for r in v.domain]
        self.context = Context(model, flat((*solution.assumptions, *play.assumptions, *regime.region, *domain)), ())
        self.values = settle(regime.values)
        self.alike = {theirs: own for mirror in self.mirrors for theirs, own in mirror.items() if own in self.values}
        self.values |= {theirs: self.values[own] for theirs, own in self.alike.items()}
        self.kinked = self.edge = False
        #: What is known at the points only, to many digits.
        self.rounded: set[Symbol] = set()
        self.points = [self._values(point, play) for point in points]
        stated = {player.name: self._worth(player) for player in model.players}
        known = {symbol for at, _ in self.points for symbol in at}
        self.worth = without_internal(stated, model.protocol(solution.protocol), known)

    def _values(self, point: Point, play: Play) -> tuple[dict[Symbol, Any], Any]:
        at = equilibrium(self.regime, point, play)
        at |= {theirs: at[own] for theirs, own in self.alike.items()}
        return at, play.apply(at)

    def _worth(self, player: Any) -> Expr:
        """A player's expected payoff or certainty equivalent, as a function of all choices."""
        objective = definitions_out(player.objective, self.model)
        if isinstance(player.risk, CARA):
            return certain(objective, self.laws, player.risk.risk_aversion)
        return expected(objective, self.laws, self._over, self._sign)

    def _over(self, shock: Symbol, z: Expr) -> Expr:
        """The overage of a general law as a symbol, of a named one in the piece in which the regime lies."""
        law = self.laws[shock]
        if isinstance(law, GeneralDistribution):
            return Overage(law.cdf, z)
        return overage_among(law, z, self._signs)

    def _sign(self, expr: Expr) -> int:
        """The sign of an expression at the regime's points, when it is the same at all."""
        signs = set(self._signs(expr))
        return signs.pop() if len(signs) == 1 else 0

    def _signs(self, expr: Expr) -> list[int]:
        with mpmath.workdps(30):
            return [int(sympy.sign(number(expr, at, apply))) for at, apply in self.points]

    # --- comparisons

    def vanishes(self, expr: Expr, what: str) -> None:
        """Records a rejection unless `expr` is zero at the regime's values, exactly where that can be decided."""
        with mpmath.workdps(30):
            for at, apply in self.points:
                parts = numbers(sympy.Add.make_args(expr), at, apply)
                scale, value = max(*map(abs, parts), mpmath.mpf(1) / 10**6), mpmath.fsum(parts)
                if abs(value) > scale * mpmath.mpf(10) ** -15:
                    where = ", ".join(f"{p.symbol} = {mpmath.nstr(at[p.symbol], 8)}" for p in self.model.parameters)
                    self.rejections.append(f"{self.regime.name}: {what}: off by {mpmath.nstr(value, 6)} at {where}")
                    return
        rounded = self.rounded & expr.free_symbols
        if rounded or not exactly_zero(expr, self.values, self.context.positive, self.regime.implicit):
            self.notes.append(f"{self.regime.name}: {what}: checked at points to 15 digits, not exactly")

    # --- what is checked

    def check(self) -> None:
        self.rejections += not_binding(self.model, self.stages, self.worth, self.points, self.regime)
        self.rejections += against_the_rule(self.protocol, self.model, self.worth, self.points, self.regime)
        for player in self.model.players:
            if player.payoff in self.values:
                self.vanishes(self.worth[player.name] - self.values[player.payoff], f"the payoff {player.payoff}")
        for definition in self.model.definitions:
            if definition.symbol in self.values:
                payoffs = {player.payoff: self.worth[player.name] for player in self.model.players}
                value = definitions_out(definition.value, self.model).xreplace(payoffs)
                self.vanishes(value - self.values[definition.symbol], f"the value of {definition.symbol}")
        responses: dict[Symbol, dict[Symbol, Expr]] = {}
        for number_, stage in reversed(list(enumerate(self.stages, 1))):
            if number_ > 1:
                self.edge = any(self._as_good_elsewhere(decision, number_) for decision in stage.decisions)
            if any(self._has_cases(decision) for decision in stage.decisions):
                self.notes.append(f"{self.regime.name}: stage {number_} has payoffs with cases: only attacked")
                return
            if self.kinked and number_ > 1:
                self.notes.append(f"{self.regime.name}: stages before {number_ + 1} meet a kink: only attacked")
                return
            conditions: list[tuple[Symbol, Expr]] = []
            try:
                for decision in stage.decisions:
                    conditions += self._conditions(decision, responses, number_)
            except _TooManyBind:
                self.notes.append(
                    f"{self.regime.name}: more constraints bind at stage {number_} than it has choices: only attacked"
                )
                return
            except ZeroDivisionError:
                self.notes.append(f"{self.regime.name}: a derivative at stage {number_} is not finite: only attacked")
                return
            mirror = self.mirrors[number_ - 1]
            conditions = [(s, condition.xreplace(mirror)) for s, condition in conditions]
            self.worth = {name: worth.xreplace(mirror) for name, worth in self.worth.items()}
            earlier = [s for before in self.stages[: number_ - 1] for d in before.decisions for s in d.chooses]
            self.kinked = self.kinked or self.edge or not self._respond(conditions, earlier, responses, last=number_ == 2)

    def _has_cases(self, decision: Decision) -> bool:
        return any(self.worth[name].atoms(sympy.Piecewise, sympy.Max, sympy.Min, sympy.Abs) for name in decision.by)

    def _binding(self, decision: Decision) -> list[tuple[Expr, str, bool]]:
        """The binding constraints of a decision: expressions that vanish, names, and whether they just bound one choice."""
        domain = {v.symbol: v.domain for v in self.model.variables}
        named = [(r, str(r)) for symbol in decision.chooses for r in domain.get(symbol, ())]
        named += [
            (c.relation, str(c.relation) if c.relation.rel_op == "==" else c.name)
            for c in decision.subject_to
            if not isinstance(c, Participation)
        ]
        sides = [(r.lhs - r.rhs if r.rel_op == "==" else r.gts - r.lts, name) for r, name in named]
        ties = {name for r, name in named if r.rel_op == "=="}
        gaps = [(definitions_out(gap, self.model), name) for gap, name in sides]
        gaps += [(self.worth[c.player] - definitions_out(sympy.sympify(c.reservation), self.model), c.name)
                 for c in decision.subject_to if isinstance(c, Participation)]  # fmt: skip
        found = []
        for gap, name in gaps:
            with mpmath.workdps(30):
                sizes = [number(gap, at, apply) for at, apply in self.points]
            if name in ties:
                self.vanishes(gap, name)
                found.append((gap, name, False))
            elif any(size < -(mpmath.mpf(10) ** -18) for size in sizes):
                self.rejections.append(f"{self.regime.name}: {name} is violated")
            elif all(abs(size) < mpmath.mpf(10) ** -18 for size in sizes):
                self.vanishes(gap, f"{name} binds")
                found.append((gap, name, len(gap.free_symbols & set(decision.chooses)) == 1))
        return found

    def _conditions(self, decision: Decision, responses: Slopes, stage: int) -> list[tuple[Symbol, Expr]]:
        """One equation per choice: a binding bound or constraint, or stationarity of the Lagrangian, which is checked."""
        payoff = sympy.Add(*[self.worth[name] for name in decision.by])
        binding = self._binding(decision)
        equations: list[tuple[Symbol, Expr]] = []
        among = {v.symbol: v.values for v in self.model.variables if v.values}
        left = [symbol for symbol in decision.chooses if symbol not in among]
        for symbol in set(decision.chooses) & set(among):
            if self.values.get(symbol) not in among[symbol]:
                self.rejections.append(f"{self.regime.name}: {symbol} is none of the values it is chosen from")
            elif stage == len(self.stages):
                self.edge = self.edge or self._indifferent(payoff, symbol, among[symbol])
            elif stage > 1:
                game = game_of(self.play, self.protocol.key)
                self.edge = self.edge or as_good_otherwise(game, decision, stage, symbol, [at for at, _ in self.points])
        held = [(next(s for s in left if s in gap.free_symbols), gap) for gap, _, single in binding if single]
        for tie in (gap for gap, name, _ in binding if name.startswith("Eq(")):
            own = tie.free_symbols & set(decision.chooses)
            if own <= {symbol for symbol, _ in held}:  # a bound that says what the equality says already
                held.remove(next(item for item in reversed(held) if item[0] in own))
        pinned = {s for s, gap in held for own, other in held if own == s and self._sign(gap.diff(s) * other.diff(s)) < 0}
        held = self._holding(held, payoff, responses)
        for symbol, gap in held:
            left.remove(symbol)
            equations.append((symbol, gap))
        shared = [gap for gap, _, single in binding if not single]
        ties = {gap for gap, name, _ in binding if name.startswith("Eq(")}
        pulled = [gap in ties for gap in shared], self._gradients(shared, left, held, payoff, responses)
        if stage == 1 and carried_apart(*pulled[1], pulled[0]):
            self.notes.append(
                f"{self.regime.name}: which of the binding constraints carry multipliers differs from point to point"
            )
            return equations
        shared, pivots = self._carriers(shared, left, pulled, responses)
        multipliers: list[Expr] = []
        if pivots:
            matrix = Matrix([[self._total(gap, s, responses) for gap in shared] for s in pivots])
            multipliers = list(matrix.LUsolve(Matrix([-self._total(payoff, s, responses) for s in pivots])))
        for gap, multiplier in zip(shared, multipliers, strict=True):
            if gap not in ties and self._sign(multiplier) < 0:
                self.rejections.append(f"{self.regime.name}: the multiplier of {gap} is negative")
            self.edge = self.edge or (gap not in ties and self._is_zero(multiplier))
        equations += list(zip(pivots, shared, strict=True))

        def rate(symbol: Symbol) -> Expr:
            """The derivative of the Lagrangian."""
            parts = [m * self._total(gap, symbol, responses) for m, gap in zip(multipliers, shared, strict=True)]
            return sympy.Add(self._total(payoff, symbol, responses), *parts)

        free = [symbol for symbol in left if symbol not in pivots]
        if self.kinked and (free or held):
            self.notes.append(f"{self.regime.name}: stage {stage} stops at a kink of a later response: only attacked")
            return equations
        for symbol, gap in held:
            if symbol not in pinned:
                self._held(rate(symbol) * gap.diff(symbol), symbol)
        for symbol in free:
            condition = rate(symbol)
            self.vanishes(condition, f"stationarity in {symbol} (stage {stage})")
            equations.append((symbol, condition))
        return equations

    def _gradients(
        self, shared: list[Expr], left: list[Symbol], held: list[tuple[Symbol, Expr]], payoff: Expr, responses: Slopes
    ) -> Gradients:
        """At each point, how the choices move binding constraints and payoff."""

        def slopes(symbols: Sequence[Symbol], of: Expr, by: Sequence[Expr]) -> list[list[Any]]:
            rates = [self._total(of, s, responses) * w for s, w in zip(symbols, by, strict=True)]
            with mpmath.workdps(30):
                return [numbers(rates, at, apply) for at, apply in self.points]

        if not shared:
            return [], [], []
        plain, inwards = [Integer(1)] * len(left), [gap.diff(s) for s, gap in held]
        rows = list(zip(*(slopes(left, gap, plain) for gap in shared), strict=True))
        along = [slopes([s for s, _ in held], gap, inwards) for gap in shared]
        gains = slopes([s for s, _ in held], payoff, inwards)
        bounds = [
            ([[a[k][i] for a in along] for k in range(len(self.points))], [g[i] for g in gains]) for i in range(len(held))
        ]
        return rows, slopes(left, payoff, plain), bounds

    def _carriers(
        self, shared: list[Expr], left: list[Symbol], pulled: tuple[list[bool], Gradients], responses: Slopes
    ) -> tuple[list[Expr], list[Symbol]]:
        """Binding constraints that carry multipliers, and a choice each is solved for; those they imply are left out."""
        free, (rows, pulls, bounds) = pulled
        found = carriers(rows, pulls, free, bounds) if shared else None
        if found is not None:
            return [shared[c] for c in found[0]], [left[p] for p in found[1]]
        pivots: list[Symbol] = []
        left = unanswered_last(left, [d for stage in self.stages for d in stage.decisions], self.worth)
        for gap in shared:
            options = [s for s in left if s not in pivots and self._sign(self._total(gap, s, responses)) != 0]
            if not options:
                raise _TooManyBind
            pivots.append(options[-1])
        return shared, pivots

    def _holding(self, held: list[tuple[Symbol, Expr]], payoff: Expr, responses: Slopes) -> list[tuple[Symbol, Expr]]:
        """One bound for each choice that bounds hold: of two that meet, the one that the payoff presses against. Whoever moved before
        is at a kink there."""
        found: dict[Symbol, tuple[Symbol, Expr]] = {}
        for symbol, gap in held:
            self.edge = self.edge or symbol in found
            if symbol in found and self._sign(self._total(payoff, symbol, responses) * found[symbol][1].diff(symbol)) <= 0:
                continue
            found[symbol] = (symbol, gap)
        return list(found.values())

    def _indifferent(self, payoff: Expr, symbol: Symbol, values: Sequence[Expr]) -> bool:
        """Whether another of the values pays as much: earlier choices then stand where the response jumps."""
        others = [payoff.xreplace({symbol: value}) - payoff for value in values if value != self.values[symbol]]
        with mpmath.workdps(30):
            return any(all(abs(number(gap, at, apply)) < mpmath.mpf(10) ** -15 for at, apply in self.points) for gap in others)

    def _held(self, inwards: Expr, symbol: Symbol) -> None:
        """A binding bound holds a choice back: the payoff does not rise inwards; where it does not fall either is a kink."""
        try:
            with mpmath.workdps(30):
                rates = [number(inwards, at, apply) for at, apply in self.points]
        except ArithmeticError:
            self.notes.append(f"{self.regime.name}: the payoff has no slope in {symbol} at its bound: only attacked")
            return
        if any(rate > mpmath.mpf(10) ** -15 for rate in rates):
            self.rejections.append(f"{self.regime.name}: {symbol} would rather leave its bound")
        elif all(abs(rate) < mpmath.mpf(10) ** -15 for rate in rates):
            self.edge = True

    @staticmethod
    def _total(expr: Expr, symbol: Symbol, responses: Slopes) -> Expr:
        """The derivative of `expr` in a choice, with what it makes later stages do."""
        parts = [derivative(expr, symbol)]
        parts += [derivative(expr, later) * slopes[symbol] for later, slopes in responses.items() if slopes.get(symbol, 0) != 0]
        return sympy.Add(*parts)

    def _respond(
        self,
        conditions: list[tuple[Symbol, Expr]],
        earlier: list[Symbol],
        responses: dict[Symbol, dict[Symbol, Expr]],
        last: bool,
    ) -> bool:
        """How a stage's choices, and through them later ones, answer to earlier choices: implicit differentiation. Says whether they
        do so smoothly: not where other choices are as good at once.

        In the `last` stage that is differentiated so, nobody differentiates the answers again: they may be numbers at the points.
        """
        own = [symbol for symbol, _ in conditions]
        if not earlier or not own:
            return True
        matrix = Matrix([[self._total(equation, s, responses) for s in own] for _, equation in conditions])
        numeric = last and written_out(matrix) > LARGE
        if not numeric and self._is_zero(matrix.det(method="laplace")):
            return False
        later = {symbol: dict(slopes) for symbol, slopes in responses.items()}
        for before in earlier:
            right = Matrix([-self._total(equation, before, responses) for _, equation in conditions])
            if not any(right):
                answer = dict.fromkeys(own, Integer(0))
            elif numeric:
                found = slopes_at(matrix, right, self.points)
                if found is None:
                    return False
                answer = {symbol: Symbol(f"_slope_{symbol}_{before}", real=True) for symbol in own}
                self.rounded |= set(answer.values())
                for (at, _), rates in zip(self.points, found, strict=True):
                    at |= zip(answer.values(), rates, strict=True)
            else:
                answer = dict(zip(own, matrix.LUsolve(right), strict=True))
            for symbol, slopes in later.items():
                through = [slopes.get(s, Integer(0)) * answer[s] for s in own]
                responses[symbol][before] = sympy.Add(slopes.get(before, Integer(0)), *through)
            for symbol in own:
                responses.setdefault(symbol, {})[before] = answer[symbol]
        return True

    def _is_zero(self, expr: Expr) -> bool:
        """Whether an expression vanishes at all of the regime's points."""
        with mpmath.workdps(30):
            return all(abs(number(expr, at, apply)) < mpmath.mpf(10) ** -15 for at, apply in self.points)

    def _as_good_elsewhere(self, decision: Decision, stage: int) -> bool:
        """Whether one who moves later is as well off with quite another choice: then its response may jump there."""
        if stage < len(self.stages):
            cases, points = self.recorded.get(stage, ()), [at for at, _ in self.points[:2]]
            return as_good_as_recorded(self.play, self.protocol.key, decision, stage, cases, points)
        payoff = sympy.Add(*[self.worth[name] for name in decision.by])
        if self._has_cases(decision) or not payoff.is_polynomial(*decision.chooses):
            return False
        domain = [r for v in self.model.variables if v.symbol in decision.chooses for r in v.domain]
        stated = [*domain, *(c.relation for c in decision.subject_to if not isinstance(c, Participation))]
        gaps = [definitions_out(r.gts - r.lts, self.model) for r in flat(stated) if r.rel_op != "=="]
        with mpmath.workdps(30):
            if len(decision.chooses) == 1:
                return all(another_as_good(decision.chooses[0], payoff, gaps, at) for at, _ in self.points[:2])
            listed = [
                dict(case.values)
                for case in self.recorded.get(stage, ())
                if not case.free and set(decision.chooses) <= {s for s, _ in case.values}
            ]
            return all(any(as_good(reply, payoff, gaps, at) for reply in listed) for at, _ in self.points[:2])
