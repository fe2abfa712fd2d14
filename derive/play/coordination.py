"""Contract terms that coordinate: one decision left to itself is taken as another protocol would take it.

Where the marginal payoff of those who decide is a positive multiple of the benchmark's marginal payoff, both have the same
sign at every choice, so both have the same best choices whatever the law. The term and the multiple that make it so solve
equations, one for each kind of term in the choices; what is left of the contract's terms divides the gain freely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Heaviside, Integer, Max, Min, Mul, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.algebra.systems import Root, solve_system
from derive.decision.newvariable import unused
from derive.decision.problem import Journal
from derive.errors import Refusal
from derive.field import derivative, fraction, normal
from derive.ir import Coordination, Decision, Definition, Model, Parameter, Protocol, Variable
from derive.law.lower import lower, substitute_definitions
from derive.play.setting import prepared, settled
from derive.prove import prove
from derive.shocks import LawFunction
from derive.solution import Case, Proposition, Solution
from derive.steps import Identity, Sign, Stationary

__all__ = ["Coordinated", "coordinated", "reached"]


@dataclass(frozen=True)
class Coordinated:
    """The model with the coordinating terms as definitions, and the proof that they coordinate.

    `expected` is what is then chosen, where that is left to be derived.
    """

    model: Model
    proposition: Proposition
    expected: tuple[tuple[Symbol, Expr], ...] = ()


def coordinated(model: Model, protocol: Protocol, solve: Callable[[Model, Protocol], Solution]) -> Coordinated:
    """The terms of a protocol that coordinate it with its benchmark, put into the model. Raises Refusal where there are none.

    Where no term aligns the marginal payoffs at every choice, one is looked for that does so at the benchmark's, which `solve` finds.
    """
    if protocol.coordinates is None:
        raise Refusal("no term is to be chosen", model=model.key, protocol=protocol.key)
    benchmark = model.protocol(protocol.coordinates.benchmark)
    try:
        opened, terms = _opened(model, protocol, benchmark, protocol.coordinates)
        try:
            return _coordinated(opened, terms, protocol, protocol.coordinates, benchmark)
        except Refusal as refusal:
            if len(terms) > 1 or len(_only_decision(protocol).chooses) > 1:
                raise
            return _at_the_optimum(opened, terms[0], protocol, benchmark, solve, refusal)
    except Refusal as refusal:
        raise refusal.located(model=model.key, protocol=protocol.key) from None


def _opened(model: Model, protocol: Protocol, benchmark: Protocol, asked: Coordination) -> tuple[Model, tuple[Variable, ...]]:
    """The model with the terms as parameters, and the terms."""
    if set(_only_decision(protocol).chooses) != set(_only_decision(benchmark).chooses):
        raise Refusal(f"{protocol.key} and {benchmark.key} do not decide on the same quantities")
    terms = tuple(next(v for v in model.variables if v.symbol == term) for term in asked.terms)
    opened = replace(
        model,
        parameters=(*model.parameters, *(Parameter(v.symbol, v.meaning, v.unit, v.latex) for v in terms)),
        assumptions=(*model.assumptions, *(relation for v in terms for relation in v.domain)),
        variables=tuple(v for v in model.variables if v not in terms),
    )
    return opened, terms


def _closed(opened: Model, terms: Sequence[Variable], solved: Mapping[Symbol, Expr], count: int) -> tuple[Model, Case]:
    """The model with the terms defined, in place of the `count` assumptions on them, and the values told."""
    found = tuple(Definition(v.symbol, solved[v.symbol], v.meaning, v.unit, v.latex) for v in terms)
    open_ = {v.symbol for v in terms}
    model = replace(
        opened,
        parameters=tuple(p for p in opened.parameters if p.symbol not in open_),
        assumptions=opened.assumptions[: len(opened.assumptions) - count],
        definitions=(*found, *opened.definitions),
    )
    return model, Case((), tuple((item.symbol, item.value) for item in found))


def _coordinated(
    opened: Model, terms: tuple[Variable, ...], protocol: Protocol, asked: Coordination, benchmark: Protocol
) -> Coordinated:
    own, other = _only_decision(protocol), _only_decision(benchmark)
    given, left = _marginals(opened, protocol, own)
    _, right = _marginals(opened, benchmark, other)
    ratio = asked.share or unused("lambda", (*left, *right, *given))
    equations = _equations(
        part for mine, theirs in zip(left, right, strict=True) for part in _parts(mine - ratio * theirs, own.chooses)
    )
    open_ = frozenset(asked.terms)
    values = _solved(equations, ratio, asked, tuple(r for r in given if not open_ & r.free_symbols), protocol, benchmark)
    known = tuple(r for r in given if not open_ & r.free_symbols and not r.free_symbols & set(own.chooses))
    solved = {v.symbol: oriented(normal(values.found[v.symbol]), known) for v in terms}
    multiple = normal(values.found.get(ratio, ratio))
    journal = Journal(f"{protocol.key}.T")
    journal.add(Stationary, given=known, equations=equations, values=values.root.values, trail=values.root.trail)
    for mine, theirs in zip(left, right, strict=True):
        journal.add(Identity, left=mine.xreplace(solved), right=multiple * theirs)
    for relation in (oriented(multiple, known) > 0, *_domain(opened, terms, solved)):
        _shown(relation, known, journal)
    closed, case = _closed(opened, terms, solved, sum(len(v.domain) for v in terms))
    title = "The coordinating term" if len(terms) == 1 else "The coordinating terms"
    told = Proposition(f"{protocol.key}.T", "proposition", title, _told(asked, ratio, benchmark), (case,), journal.taken())
    return Coordinated(closed, told)


def _domain(opened: Model, terms: Sequence[Variable], solved: dict[Symbol, Expr]) -> tuple[Boolean, ...]:
    return tuple(substitute_definitions(r, opened.definitions).xreplace(solved) for v in terms for r in v.domain)


def _at_the_optimum(
    opened: Model,
    term: Variable,
    protocol: Protocol,
    benchmark: Protocol,
    solve: Callable[[Model, Protocol], Solution],
    otherwise: Refusal,
) -> Coordinated:
    """The term for which the benchmark's choice, where that has one closed form, makes the marginal payoff vanish."""
    (choice,) = _only_decision(protocol).chooses
    solution = solve(opened, benchmark)
    value = dict(solution.regimes[0].values).get(choice) if len(solution.regimes) == 1 and not solution.gaps else None
    if value is None or term.symbol in value.free_symbols:
        raise otherwise
    given, (marginal,) = _marginals(opened, protocol, _only_decision(protocol))
    known = tuple(r for r in given if term.symbol not in r.free_symbols and choice not in r.free_symbols)
    setting = prepared(opened.under(protocol), protocol, lower(opened.under(protocol), protocol))
    equation = normal(settled(setting, _factored(marginal.xreplace({choice: value})), known))
    if equation.has(LawFunction, Heaviside, Max, Min):
        raise otherwise
    roots = solve_system((equation,), (term.symbol,), known)
    if len(roots) != 1:
        raise otherwise
    solved = {term.symbol: oriented(normal(dict(roots[0].values)[term.symbol]), known)}
    journal = Journal(f"{protocol.key}.T")
    journal.add(Stationary, given=known, equations=(equation,), values=roots[0].values, trail=roots[0].trail)
    for relation in _domain(opened, (term,), solved):
        _shown(relation, known, journal)
    closed, case = _closed(opened, (term,), solved, len(term.domain))
    text = (
        f"With the following value the marginal payoff in the protocol vanishes at the choice made in {benchmark.title}. That this "
        "choice is then the best one is derived below."
    )
    told = Proposition(f"{protocol.key}.T", "proposition", "The coordinating term", text, (case,), journal.taken())
    return Coordinated(closed, told, ((choice, value),))


def _factored(expr: Expr) -> Expr:
    """The expression with the arguments of a law's functions factored, so that their signs are seen."""
    return expr.xreplace({n: type(n)(n.law, normal(n.argument)) for n in expr.atoms(LawFunction)})


def reached(solution: Solution, expected: Sequence[tuple[Symbol, Expr]]) -> None:
    """Raises Refusal where a regime's choices are not those that were to be made."""
    for regime in solution.regimes:
        values, roots = dict(regime.values), {item.symbol: item.equation for item in regime.implicit}
        for choice, value in expected:
            gap = values[choice] - value if choice in values else roots[choice].xreplace({choice: value})
            if normal(gap) != 0:
                where = " and ".join(map(str, regime.region))
                raise Refusal(
                    f"the term for which the benchmark's choice is stationary makes another one best{' where ' + where if where else ''}",
                    model=solution.model,
                    protocol=solution.protocol,
                    symbol=str(choice),
                )


@dataclass(frozen=True)
class _Values:
    """A solution of the equations, and what it gives to each unknown."""

    root: Root
    found: dict[Symbol, Expr]


def _solved(
    equations: tuple[Expr, ...],
    ratio: Symbol,
    asked: Coordination,
    given: tuple[Boolean, ...],
    protocol: Protocol,
    benchmark: Protocol,
) -> _Values:
    unknowns = asked.terms if asked.share is not None else (ratio, *asked.terms)
    names = ", ".join(map(str, asked.terms))
    if len(equations) < len(unknowns) and asked.share is None and len(asked.terms) > 1:
        raise Refusal(
            f"a family of {names} aligns {protocol.key} with {benchmark.key}: `share` has to name what tells them apart"
        )
    roots = solve_system(equations, unknowns, given)
    if len(roots) != 1:
        raise Refusal(f"no value of {names}, or no single one, aligns {protocol.key} with {benchmark.key}", symbol=names)
    return _Values(roots[0], dict(roots[0].values))


def _told(asked: Coordination, ratio: Symbol, benchmark: Protocol) -> str:
    following = "value" if len(asked.terms) == 1 else "values"
    multiple = f"the share {asked.share} of" if asked.share is not None else f"{ratio} times"
    begun = "" if asked.share is not None else f", with a positive number {ratio},"
    return (
        f"With the following {following} the marginal payoff in the protocol is{begun} {multiple} the one in {benchmark.title}, "
        "for every choice and whatever the law; so what is best in one is best in the other. "
        + (
            "The share only divides the payoff."
            if asked.share is not None
            else "The other terms of the contract only divide the payoff."
        )
    )


def _equations(parts: Iterable[Expr]) -> tuple[Expr, ...]:
    """The equations without repetitions and identities."""
    return tuple(dict.fromkeys(part for part in parts if part != 0))


def _shown(relation: Boolean, known: tuple[Boolean, ...], journal: Journal) -> None:
    if relation == sympy.true:
        return
    certificate = prove(relation, known)
    if certificate is None:
        raise Refusal(f"the term that aligns the payoffs is not shown to satisfy {relation}")
    journal.add(Sign, given=(), relation=relation, certificate=certificate)


def _only_decision(protocol: Protocol) -> Decision:
    decisions = [decision for stage in protocol.stages for decision in stage.decisions]
    if len(decisions) != 1:
        raise Refusal(f"{protocol.key} has several decisions; a single one can be aligned")
    return decisions[0]


def _marginals(model: Model, protocol: Protocol, decision: Decision) -> tuple[tuple[Boolean, ...], tuple[Expr, ...]]:
    """What may be assumed, and the marginal payoffs of those who decide in each of their choices."""
    lowered = lower(model.under(protocol), protocol)
    setting = prepared(model.under(protocol), protocol, lowered)
    total = sum((setting.objectives[model.player(name).payoff] for name in decision.by), start=Integer(0))
    return setting.given, tuple(derivative(total, symbol) for symbol in decision.chooses)


def _parts(gap: Expr, chosen: Sequence[Symbol]) -> list[Expr]:
    """The coefficients, in the choices and whatever depends on them, of a sum that is to vanish for all choices."""
    ring, top, _ = fraction(gap)
    kinds = [(generator, ring.degree[generator]) for generator in ring.index]
    moving = [bool(generator.free_symbols & set(chosen)) for generator, _ in kinds]
    found: dict[tuple[int, ...], list[Expr]] = {}
    for monomial, number in top.to_dict().items():
        key = tuple(int(n) if moves else 0 for n, moves in zip(monomial, moving, strict=True))
        fixed: list[Expr] = [Rational(int(number.p), int(number.q))]
        for (generator, root), n, moves in zip(kinds, monomial, moving, strict=True):
            if n and not moves:
                fixed.append(generator ** Rational(int(n), root))
        found.setdefault(key, []).append(Mul(*fixed))
    return [normal(sympy.Add(*parts)) for _, parts in sorted(found.items())]
