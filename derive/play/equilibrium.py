"""What a solved protocol is reported as: its regimes with every value at equilibrium, and its propositions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Abs, Eq, Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.powers import is_product_of_powers, nested, told_in_powers, without_powers_of_zero
from derive.algebra.shape import lengthy, readable, shaped, shorter, simplest, with_named_bases, without_moduli
from derive.bargaining.product import unreported
from derive.decision.absolute import signs_behind
from derive.decision.branches import branch_at, branches, is_smooth
from derive.decision.problem import Journal, needed, unique
from derive.errors import Refusal
from derive.field import normal
from derive.kernels import kernels
from derive.law.lower import Lowered, substitute_definitions
from derive.play.outside import alternative, with_outside_option
from derive.play.setting import Continuation, Setting, demands, inside, settled, settled_at
from derive.prove import prove, refute
from derive.shocks import Overage
from derive.solution import Case, Gap, Proposition, Regime
from derive.steps import Anticipation, Step


def equilibria(
    setting: Setting, lowered: Lowered, continuations: Sequence[Continuation]
) -> tuple[tuple[Regime, ...], tuple[Step, ...]]:
    journal = Journal(f"{setting.protocol.key}.E")
    regimes = []
    apart = (cell for continuation in continuations for cell in _by_cases_of_payoffs(setting, lowered, continuation))
    inhabited = (cell for cell in apart if refute((*setting.given, *cell.region)) is None)
    for index, continuation in enumerate(inhabited, start=1):
        given = (*setting.given, *continuation.region)
        known = (*given, *continuation.among, *inside(setting, continuation))
        told = tuple((symbol, told_in_powers(value, known) if nested(value) else value) for symbol, value in continuation.values)
        continuation = replace(continuation, values=told)
        table = _values(setting, lowered, continuation, known)
        for symbol, (before, after) in table.items():
            if before is not None:
                put = dict(continuation.values)
                roots = any(map(kernels, (before, *put.values())))
                signs = signs_behind(before.xreplace(put), known, journal) if roots else ()
                journal.add(
                    Anticipation,
                    uses=signs,
                    given=continuation.region,
                    payoff=symbol,
                    before=before,
                    replace=continuation.values,
                    after=after,
                )
        region = unique(simplest(continuation.region, setting.given))
        regimes.append(
            Regime(
                f"{index}",
                region,
                tuple((symbol, after) for symbol, (_, after) in table.items()),
                continuation.implicit,
                continuation.active,
                continuation.free,
                tuple(readable(r, (*setting.given, *region)) for r in continuation.among),
                continuation.unique,
            )
        )
    return tuple(regimes), journal.taken()


def _by_cases_of_payoffs(setting: Setting, lowered: Lowered, continuation: Continuation) -> list[Continuation]:
    """The continuation taken apart where the same choices earn one case of a payoff or another, as the parameters have it."""
    parameters = {parameter.symbol for parameter in setting.model.parameters}
    chosen, cells = dict(continuation.values), [continuation]
    for _, before in _reported(setting, lowered):
        whole, found = before.xreplace(setting.objectives), []
        for cell in cells:
            known = (*setting.given, *cell.region, *cell.among, *inside(setting, cell))
            cases = () if is_smooth(whole) or _is_one_case(whole, chosen, known) else branches(whole.xreplace(chosen), known)
            plain = cases and all(r.free_symbols <= parameters and not isinstance(r, Eq) for case in cases for r in case.region)
            told = (needed((*cell.region, *case.region), setting.given) for case in cases if plain)
            found += [replace(cell, region=region) for region in told] if plain else [cell]
        cells = found
    return cells


def _is_one_case(payoff: Expr, chosen: dict[Symbol, Expr], known: tuple[Boolean, ...]) -> bool:
    try:
        branch_at(payoff, chosen, known)
    except Refusal:
        return False
    return True


def _reported(setting: Setting, lowered: Lowered) -> tuple[tuple[Symbol, Expr], ...]:
    """The payoffs and definitions whose values at equilibrium are told."""
    hidden = unreported(setting.model)
    return (*((symbol, payoff) for symbol, payoff in setting.objectives.items() if symbol not in hidden), *lowered.definitions)


def _values(
    setting: Setting, lowered: Lowered, continuation: Continuation, known: tuple[Boolean, ...]
) -> dict[Symbol, tuple[Expr | None, Expr]]:
    """Decisions, payoffs and definitions at equilibrium: what each was before substitution (None for decisions), and is."""
    chosen = dict(continuation.values)
    detours = dict(continuation.through)
    table: dict[Symbol, tuple[Expr | None, Expr]] = {}
    for symbol, value in sorted(chosen.items(), key=lambda item: item[0] in detours):
        full = told_in_powers(shaped(normal(value), known), known)
        alternative = detours.get(symbol) if not is_product_of_powers(full) else None
        told = full if alternative is None or not lengthy(full) else shorter(full, shaped(normal(alternative), known))
        table[symbol] = (None, told)
    fixed = {symbol: value for symbol, value in chosen.items() if value.is_Rational}
    free = {v.symbol for v in setting.model.variables} | {sum_.symbol for sum_ in setting.model.aggregates}
    free -= {*chosen, *continuation.free, *(item.symbol for item in continuation.implicit)}
    laws = {name for name, _ in setting.named}
    named = {symbol: value for symbol, (_, value) in table.items() if not value.free_symbols & set(table)}
    for symbol, before in _reported(setting, lowered):
        before = branch_at(before.xreplace(setting.objectives), chosen, known)
        after = without_powers_of_zero(settled_at(setting, before, chosen, known, continuation.within), known)
        after = normal(without_moduli(after, known)) if after.has(Abs) else after
        if after.free_symbols & free:
            continue
        closed = told_in_powers(after, known)
        if nested(after) and not nested(closed) and not lengthy(closed):
            table[symbol] = (before, closed)
            continue
        if is_product_of_powers(closed):
            table[symbol] = (before, closed if closed != after else shaped(after, known))
            continue
        full = told_in_powers(shaped(with_named_bases(after, named), known), known)
        if lengthy(full):
            other = settled(setting, before.xreplace(detours).xreplace(fixed), known, continuation.within)
            if not laws & {node.law for node in other.atoms(Overage)}:
                full = shorter(full, shaped(normal(other), known))
        table[symbol] = (before, full)
    return table


def gain_something(setting: Setting, regimes: Sequence[Regime]) -> None:
    """Raises Refusal where those who move first and share what they gain together are not shown to gain anything, or where the
    payment that shares it is not shown to respect its bounds."""
    for decision in setting.protocol.stages[0].decisions:
        for one in demands(decision):
            slack = substitute_definitions(one.relation.lhs - one.relation.rhs, setting.model.definitions)
            for regime in regimes:
                gain = normal(slack.xreplace(regime.resolved()))
                given = (*setting.given, *regime.region)
                if not (gain >= 0 if gain.is_Rational else prove(gain >= 0, given) is not None):
                    raise Refusal(f"it is not shown that {one.name}: {gain} >= 0", stage="1")


def response(
    setting: Setting, number: int, continuations: Sequence[Continuation], proof: tuple[Step, ...], without: str = ""
) -> Proposition:
    """What is chosen at a stage; `without` says why nothing is where it has no solution at all."""
    stage = setting.protocol.stages[number - 1]
    own = [s for d in stage.decisions for s in d.chooses]
    own += [symbol for group in setting.deciding(number) for symbol, _ in group.sums]
    cases = tuple(Case(c.region, _stated(c, own), c.free, c.among) for c in continuations)
    return Proposition(
        label=f"{setting.protocol.key}.{number}",
        kind="lemma" if number > 1 else "proposition",
        title=f"Stage {number}",
        text="" if cases else f"There is no equilibrium: {without}.",
        cases=cases,
        proof=proof,
    )


def _stated(continuation: Continuation, own: Sequence[Symbol]) -> tuple[tuple[Symbol, Expr], ...]:
    """The choices of a stage, a transfer in terms of the other choices where that is shorter."""
    values = {symbol: value for symbol, value in continuation.values if symbol in own and symbol != value}
    detours = {s: v for s, v in continuation.through if s in values and not v.free_symbols - set(values) & set(own)}
    return tuple((symbol, shorter(value, detours.get(symbol, value))) for symbol, value in values.items())


def equilibrium(setting: Setting, regimes: tuple[Regime, ...], proof: tuple[Step, ...]) -> Proposition:
    return Proposition(
        label=f"{setting.protocol.key}.E",
        kind="theorem",
        title="Equilibrium",
        text="",
        cases=tuple(Case(r.region, r.values, r.free, r.among) for r in regimes),
        proof=proof,
    )


def once_started(setting: Setting, regimes: tuple[Regime, ...], proof: tuple[Step, ...]) -> Proposition:
    """What everybody earns in the game itself, before it is asked whether it is started."""
    return Proposition(
        label=f"{setting.protocol.key}.S",
        kind="proposition",
        title="Once the game is started",
        text="If the game is started, its outcome is",
        cases=tuple(Case(r.region, r.values, r.free, r.among) for r in regimes),
        proof=proof,
    )


def or_outside(
    setting: Setting, regimes: tuple[Regime, ...], gaps: Sequence[Gap]
) -> tuple[tuple[Regime, ...], list[Gap], tuple[Step, ...]]:
    """The regimes when the first movers may prefer not to start the game, or can offer nothing that is accepted."""
    journal = Journal(f"{setting.protocol.key}.O")
    option = alternative(setting.model, setting.protocol)
    objective = sum((setting.objectives[payoff] for payoff in option.deciding), start=Integer(0))
    found, kept = with_outside_option(regimes, gaps, option, objective, setting.given, journal)
    return found, list(kept), journal.taken()


def payoffs(setting: Setting, lowered: Lowered) -> Proposition:
    return Proposition(
        label=f"{setting.protocol.key}.0",
        kind="lemma",
        title="Payoffs",
        text="",
        cases=(Case((), lowered.objectives),),
        proof=lowered.steps,
    )
