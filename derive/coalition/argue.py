"""The arguments about a coalition game, concept by concept: each a `Solution` with its regimes and its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.coalition import core, values
from derive.coalition.alike import derive_alike, is_alike
from derive.coalition.built import built
from derive.coalition.cases import Branch, kinked, merge, resolve
from derive.coalition.certify import combination, partition
from derive.coalition.decide import compared, relations
from derive.coalition.ir import CONCEPTS, ON_REQUEST, PROPERTIES, CoalitionGame
from derive.coalition.linear import tidy
from derive.coalition.named import values_of, written_out
from derive.coalition.steps import (
    BanzhafValue,
    CharacteristicFunction,
    Choice,
    Comparison,
    Efficiency,
    MarginalContributions,
    ShapleyValue,
    WeightedRevision,
)
from derive.coalition.table import Table, by_size, expanded, table, told
from derive.coalition.validate import validate
from derive.errors import Refusal
from derive.ir import Model
from derive.solution import Case, Gap, Proposition, Regime, Solution
from derive.steps import Step

__all__ = ["Part", "derive_coalition"]

_ROWS = 5
_BALANCED = 4


@dataclass(frozen=True)
class Part:
    """One region of the parameters on which all worths are plain expressions. `label` names its first step."""

    region: tuple[Boolean, ...]
    game: Table
    label: str
    branch: Branch


def derive_coalition(
    game: CoalitionGame, model: Model | None = None, solutions: tuple[Solution, ...] = ()
) -> tuple[Solution, ...]:
    """Everything that can be derived of a game, one `Solution` per concept in the order of `CONCEPTS`.

    The first solution carries the characteristic function; later ones refer to its steps by label. A concept which is not
    defined or not reachable for this game is left out, and the first solution's ``warnings`` say why. Raises
    `derive.errors.StatementError` for an ill-posed statement, `derive.errors.Refusal` if a concept asked for by
    ``game.concepts`` cannot be derived. A game built from protocols needs the model and the solutions of its protocols.
    """
    if game.plays:
        game = built(game, model, solutions)
    validate(game)
    if is_alike(game):
        return derive_alike(game)
    return _Argument(game).solutions()


class _Argument:
    """The statement with its parts, from which each concept's argument is made."""

    def __init__(self, game: CoalitionGame) -> None:
        self.game = game
        self.shares = tuple(member.share for member in game.players)
        self.named = values_of(game)
        whole = table(game)
        branches = resolve(whole.worths, game.assumptions) if not whole.numeric else (Branch((), whole.worths),)
        self.parts = tuple(
            Part(branch.region, replace(whole, worths=branch.values), self.name("worths", k, len(branches)), branch)
            for k, branch in enumerate(branches)
        )
        self.known = self.comparisons()
        self.convex: dict[int, bool] = {}
        self.shapley = tuple(values.shapley(part.game) for part in self.parts)

    def comparisons(self) -> tuple[Comparison, ...]:
        """What is proved of the named quantities: their signs, and what superadditivity, convexity and a core ask for."""
        if not self.named:
            return ()
        slacks: list[Expr] = [*self.named]
        for part in self.parts:
            lists = (core.convexity, core.superadditivity, core.balancedness)[: 3 if part.game.n <= _BALANCED else 2]
            slacks += [row.slack for one in lists for row in one(part.game)]
        return compared(conditions(slacks), self.game.assumptions, self.named)

    @staticmethod
    def name(concept: str, k: int, count: int) -> str:
        """A label: the concept, numbered when there are several regions."""
        return f"{concept}-{k + 1}" if count > 1 else concept

    def solutions(self) -> tuple[Solution, ...]:
        from derive.coalition import properties, stable, tau

        stated = [one for one in CONCEPTS if self.game.revision is not None or not one.startswith("revision")]
        stated = [one for one in stated if one not in ON_REQUEST]
        wanted = self.game.concepts or stated
        found: list[Solution] = []
        refused: list[str] = []
        for concept in (concept for concept in CONCEPTS if concept in wanted or concept == "shapley"):
            try:
                if concept in PROPERTIES:
                    solution = properties.derive_property(self, concept)
                elif concept in ("nucleolus", *ON_REQUEST):
                    solution = stable.derive_nucleolus(self, concept)
                else:
                    solution = {
                        "shapley": self.shapley_solution,
                        "revision": self.revision_solution,
                        "banzhaf": self.banzhaf_solution,
                        "tau": lambda: tau.derive_tau(self),
                    }[concept]()
            except Refusal as refusal:
                if concept in self.game.concepts:
                    raise refusal.located(model=self.game.key, protocol=concept) from None
                refused.append(f"{concept}: {refusal.message}")
            else:
                found.append(solution)
        found[0] = replace(found[0], warnings=tuple(refused))
        return tuple(found)

    def solution(
        self,
        concept: str,
        pieces: tuple[tuple[tuple[Boolean, ...], tuple[tuple[Symbol, Expr], ...]], ...],
        argument: tuple[Proposition, ...],
        assumptions: tuple[Boolean, ...] = (),
        names: tuple[str, ...] = (),
        warnings: tuple[str, ...] = (),
        gaps: tuple[Gap, ...] = (),
    ) -> Solution:
        """A solution whose regimes are the pieces, with a proof that they make up the domain where there are several."""
        given = (*self.game.assumptions, *assumptions)
        if len(pieces) > 1:
            whole = (*given, *relations(self.known))
            proof = partition(f"{concept}-cases", tuple(region for region, _ in pieces), whole)
            if proof is not None:
                proof = replace(proof, uses=tuple(one.label for one in self.known))
                argument = (
                    *argument,
                    Proposition(
                        label=f"{concept}-all",
                        kind="proposition",
                        title="All cases",
                        text="The regions exclude each other and cover every admissible parameter.",
                        cases=tuple(Case(region, pairs) for region, pairs in pieces),
                        proof=(proof,),
                    ),
                )
        regimes = tuple(
            Regime(
                names[k] if names else ("all" if len(pieces) == 1 else f"case {k + 1}"),
                tuple(written_out(relation, self.named) for relation in region),
                (*self.spoken_of(pairs), *pairs),
            )
            for k, (region, pairs) in enumerate(pieces)
        )
        left_out = tuple(replace(gap, region=tuple(written_out(one, self.named) for one in gap.region)) for gap in gaps)
        return Solution(self.game.key, concept, "", given, regimes, argument, left_out, warnings)

    def spoken_of(self, pairs: tuple[tuple[Symbol, Expr], ...]) -> tuple[tuple[Symbol, Expr], ...]:
        """The named quantities in terms of which the values are given."""
        used = {symbol for _, value in pairs for symbol in value.free_symbols}
        return tuple((symbol, value) for symbol, value in self.named.items() if symbol in used)

    def merged(
        self, shares: tuple[tuple[Expr, ...], ...]
    ) -> tuple[tuple[tuple[Boolean, ...], tuple[tuple[Symbol, Expr], ...]], ...]:
        """The parts' shares as regimes, neighbours with the same formulas united."""
        pieces = tuple((part.region, found) for part, found in zip(self.parts, shares, strict=True))
        if len(pieces) > 1:
            pieces = merge(pieces, self.game.assumptions)
        return tuple((region, tuple(zip(self.shares, found, strict=True))) for region, found in pieces)

    # --- values in closed form

    def worths_step(self, part: Part) -> CharacteristicFunction:
        given = (*self.game.assumptions, *part.region)
        choices = []
        for kink, value, conditions in part.branch.choices:
            proofs = []
            for condition in conditions:
                proof = combination(f"{part.label}-kink", condition, given)
                if proof is None and condition != sympy.true:
                    raise Refusal(f"the comparison {condition} behind {kink} could not be certified")
                if proof is not None:
                    proofs.append(proof)
            choices.append(Choice(kink=kink, value=value, proofs=tuple(proofs)))
        worths = tuple((part.game.names(mask), told(part.game.worths[mask])) for mask in by_size(part.game.n))
        return CharacteristicFunction(
            label=part.label, given=part.region, worths=worths, choices=tuple(choices), cost=part.game.sign < 0
        )

    def shapley_solution(self) -> Solution:
        count = len(self.parts)
        argument = []
        for k, (part, shares) in enumerate(zip(self.parts, self.shapley, strict=True)):
            label = self.name("shapley", k, count)
            argument.append(
                Proposition(
                    label=f"{label}-worths",
                    kind="statement",
                    title="Characteristic function",
                    text="Each coalition is worth what the statement says.",
                    cases=(),
                    proof=(self.worths_step(part), *(self.known if k == 0 else ())),
                )
            )
            steps: list[Step] = []
            for i, member in enumerate(self.game.players):
                uses = [part.label]
                if part.game.n <= _ROWS:
                    uses.append(f"{label}-contributions-{i + 1}")
                    rows = values.contributions(part.game, i)
                    steps.append(
                        MarginalContributions(
                            label=uses[-1],
                            uses=(part.label,),
                            given=part.region,
                            player=member.name,
                            cost=part.game.sign < 0,
                            rows=tuple((part.game.names(row.coalition), row.weight, told(row.marginal)) for row in rows),
                        )
                    )
                steps.append(
                    ShapleyValue(
                        label=f"{label}-share-{i + 1}",
                        uses=tuple(uses),
                        given=part.region,
                        player=member.name,
                        share=member.share,
                        value=shares[i],
                    )
                )
            pairs = tuple(zip(self.shares, shares, strict=True))
            steps.append(
                self.efficiency(
                    f"{label}-efficiency", part, pairs, tuple(s.label for s in steps if isinstance(s, ShapleyValue))
                )
            )
            argument.append(
                Proposition(
                    label=label,
                    kind="proposition",
                    title="Shapley value",
                    text="Each player receives the weighted sum of what it adds to the coalitions of the others.",
                    cases=(Case(part.region, pairs),),
                    proof=tuple(steps),
                    facts=(sympy.Eq(sympy.Add(*self.shares), told(part.game.worths[part.game.grand])),),
                )
            )
        pieces = tuple((region, (*pairs, *self.defined())) for region, pairs in self.merged(self.shapley))
        return self.solution("shapley", pieces, tuple(argument))

    def defined(self) -> tuple[tuple[Symbol, Expr], ...]:
        """The statement's definitions in terms of its parameters; those with kinks differ between regions and stay out."""
        stated = [item for item in self.game.definitions if item.symbol not in self.named]
        pairs = [(item.symbol, expanded(self.game, item.value)) for item in stated]
        return tuple((symbol, value) for symbol, value in pairs if not kinked(value))

    @staticmethod
    def efficiency(
        label: str,
        part: Part,
        pairs: tuple[tuple[Symbol, Expr], ...],
        uses: tuple[str, ...],
        region: tuple[Boolean, ...] | None = None,
    ) -> Efficiency:
        given = part.region if region is None else region
        return Efficiency(
            label=label, uses=(part.label, *uses), given=given, shares=pairs, total=told(part.game.worths[part.game.grand])
        )

    def banzhaf_solution(self) -> Solution:
        found = tuple(values.banzhaf(part.game) for part in self.parts)
        argument = []
        for k, (part, shares) in enumerate(zip(self.parts, found, strict=True)):
            label = self.name("banzhaf", k, len(self.parts))
            steps = tuple(
                BanzhafValue(
                    label=f"{label}-share-{i + 1}",
                    uses=(part.label,),
                    given=part.region,
                    player=member.name,
                    share=member.share,
                    value=shares[i],
                )
                for i, member in enumerate(self.game.players)
            )
            pairs = tuple(zip(self.shares, shares, strict=True))
            argument.append(
                Proposition(
                    label,
                    "proposition",
                    "Banzhaf value",
                    "Each player's marginal contributions, averaged over all coalitions of the others.",
                    (Case(part.region, pairs),),
                    steps,
                )
            )
        return self.solution("banzhaf", self.merged(found), tuple(argument))

    def revised(self) -> tuple[tuple[Expr, ...], ...]:
        """The revised shares of each part. Raises `Refusal` for a game stated without weights."""
        if self.game.revision is None:
            raise Refusal("the statement gives no weights")
        weights = self.game.revision.weights
        return tuple(values.revised(part.game, shares, weights) for part, shares in zip(self.parts, self.shapley, strict=True))

    def revision_solution(self) -> Solution:
        found = self.revised()
        revision = self.game.revision
        assert revision is not None
        argument = []
        for k, (part, old, new) in enumerate(zip(self.parts, self.shapley, found, strict=True)):
            label = self.name("revision", k, len(self.parts))
            step = WeightedRevision(
                label=f"{label}-shares",
                uses=(part.label, *(f"{self.name('shapley', k, len(self.parts))}-share-{i + 1}" for i in range(part.game.n))),
                given=part.region,
                shares=tuple(zip(self.shares, old, strict=True)),
                weights=revision.weights,
                revised=new,
                domain=revision.assumptions,
            )
            pairs = tuple(zip(self.shares, new, strict=True))
            argument.append(
                Proposition(
                    label,
                    "proposition",
                    "Shares revised by weights",
                    "Each share is moved by the deviation of the player's weight from the equal one, times the total.",
                    (Case(part.region, pairs),),
                    (step, self.efficiency(f"{label}-efficiency", part, pairs, (step.label,))),
                )
            )
        return self.solution("revision", self.merged(found), tuple(argument), revision.assumptions)


def conditions(slacks: Iterable[Expr]) -> tuple[Boolean, ...]:
    """The slacks as relations, each once and the ones that hold identically left out."""
    relations = dict.fromkeys(tidy(slack) for slack in slacks)
    return tuple(relation for relation in relations if relation != sympy.true)
