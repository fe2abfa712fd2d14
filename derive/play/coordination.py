"""Contract terms that coordinate: one decision left to itself is taken as another protocol would take it.

Where the marginal payoff of those who decide is a positive multiple of the benchmark's marginal payoff, both have the same
sign at every choice, so both have the same best choices whatever the law. The term and the multiple that make it so solve
equations, one for each kind of term in the choices; what is left of the contract's terms divides the gain freely.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Integer, Mul, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.algebra.systems import solve_system
from derive.decision.newvariable import unused
from derive.decision.problem import Journal
from derive.errors import Refusal
from derive.field import fraction, normal
from derive.ir import Decision, Definition, Model, Parameter, Protocol
from derive.law.lower import lower, substitute_definitions
from derive.play.setting import prepared
from derive.prove import prove
from derive.solution import Case, Proposition
from derive.steps import Identity, Sign, Stationary

__all__ = ["Coordinated", "coordinated"]


@dataclass(frozen=True)
class Coordinated:
    """The model with the coordinating term as a definition, and the proof that it coordinates."""

    model: Model
    proposition: Proposition


def coordinated(model: Model, protocol: Protocol) -> Coordinated:
    """The term of a protocol that coordinates it with its benchmark, put into the model. Raises Refusal where there is none."""
    if protocol.coordinates is None:
        raise Refusal("no term is to be chosen", model=model.key, protocol=protocol.key)
    term, benchmark = protocol.coordinates.term, model.protocol(protocol.coordinates.benchmark)
    try:
        return _coordinated(model, protocol, term, benchmark)
    except Refusal as refusal:
        raise refusal.located(model=model.key, protocol=protocol.key) from None


def _coordinated(model: Model, protocol: Protocol, term: Symbol, benchmark: Protocol) -> Coordinated:
    own, other = _only_decision(protocol), _only_decision(benchmark)
    if set(own.chooses) != set(other.chooses):
        raise Refusal(f"{protocol.key} and {benchmark.key} do not decide on the same quantities")
    (variable,) = (v for v in model.variables if v.symbol == term)
    opened = replace(
        model,
        parameters=(*model.parameters, Parameter(term, variable.meaning, variable.unit, variable.latex)),
        assumptions=(*model.assumptions, *variable.domain),
        variables=tuple(v for v in model.variables if v.symbol != term),
    )
    given, left = _marginals(opened, protocol, own)
    _, right = _marginals(opened, benchmark, other)
    ratio = unused("lambda", (*left, *right, *given))
    equations = _equations(
        part for mine, theirs in zip(left, right, strict=True) for part in _parts(mine - ratio * theirs, own.chooses)
    )
    roots = solve_system(equations, (ratio, term), tuple(r for r in given if term not in r.free_symbols))
    if len(roots) != 1:
        raise Refusal(f"no value of {term}, or no single one, aligns {protocol.key} with {benchmark.key}", symbol=str(term))
    values = dict(roots[0].values)
    known = tuple(r for r in given if term not in r.free_symbols and not r.free_symbols & set(own.chooses))
    solved = oriented(normal(values[term]), known)
    journal = Journal(f"{protocol.key}.T")
    journal.add(Stationary, given=known, equations=equations, values=roots[0].values, trail=roots[0].trail)
    for mine, theirs in zip(left, right, strict=True):
        journal.add(Identity, left=mine.xreplace({term: solved}), right=normal(values[ratio]) * theirs)
    domain = tuple(substitute_definitions(r, model.definitions).xreplace({term: solved}) for r in variable.domain)
    for relation in (oriented(normal(values[ratio]), known) > 0, *domain):
        _shown(relation, known, journal)
    closed = replace(
        model,
        variables=opened.variables,
        definitions=(Definition(term, solved, variable.meaning, variable.unit, variable.latex), *model.definitions),
    )
    text = (
        f"With the following value the marginal payoff in the protocol is a positive multiple of the one in {benchmark.title}, "
        "for every choice and whatever the law; so what is best in one is best in the other. The other terms of the contract only "
        "divide the payoff."
    )
    return Coordinated(
        closed,
        Proposition(
            f"{protocol.key}.T", "proposition", "The coordinating term", text, (Case((), ((term, solved),)),), journal.taken()
        ),
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
    return setting.given, tuple(normal(total.diff(symbol)) for symbol in decision.chooses)


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
