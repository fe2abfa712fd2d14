"""What a claim refers to, looked up in the solutions: values, responses and existence, by regime.

`At`, `After`, `Reply` and `Exists` ask for something of one protocol. What one protocol answers holds regime by regime; roots and
free choices of several protocols that have a symbol in common are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.unknowns import Unknowns, apart, renamed
from derive.errors import Refusal
from derive.ir import After, Exists, Reply
from derive.solution import Case, Implicit, Regime, Response, Solution, Without
from derive.tree import free_symbols

__all__ = ["Branch", "Group", "cases", "grouped", "protocol_of", "told_apart"]

Group = tuple[str, str]
"""The protocol that references ask, and what they ask of it."""


@dataclass(frozen=True)
class Branch:
    """One case of something a claim refers to: its value, where it holds, the implicit quantities it uses, the choices that it
    leaves free, and whether it is the only equilibrium."""

    name: str
    value: Expr
    region: tuple[Boolean, ...]
    implicit: tuple[Implicit, ...]
    free: tuple[Symbol, ...] = ()
    among: tuple[Boolean, ...] = ()
    unique: bool = True

    def unknowns(self, label: str) -> Unknowns:
        """What it leaves without a formula."""
        spoken = free_symbols(self.value).union(*map(free_symbols, (*self.region, *self.among)))
        return Unknowns(label, self.implicit, self.free, frozenset(spoken))

    def with_names(self, names: dict[Symbol, Symbol]) -> Branch:
        """The same with its unknowns renamed."""
        if not names:
            return self
        table: dict[Expr, Expr] = dict(names)
        return replace(
            self,
            value=self.value.xreplace(table),
            region=tuple(r.xreplace(table) for r in self.region),
            implicit=tuple(renamed(item, names) for item in self.implicit),
            free=tuple(names.get(symbol, symbol) for symbol in self.free),
            among=tuple(r.xreplace(table) for r in self.among),
        )


def grouped(references: Iterable[Expr]) -> dict[Group, list[Expr]]:
    """References that one regime (or one case of a response) answers together."""
    groups: dict[Group, list[Expr]] = {}
    for reference in references:
        kind = f"{type(reference).__name__} {reference.args[2] if isinstance(reference, After) else ''}"
        source = str(reference.args[0]) if isinstance(reference, Reply) else ""
        groups.setdefault((protocol_of(reference), kind + source), []).append(reference)
    return groups


def protocol_of(reference: Expr) -> str:
    return str(reference.args[0] if isinstance(reference, Exists) else reference.args[1])


def cases(
    key: tuple[str, str], members: list[Expr], known: dict[str, Solution], definitions: dict[Symbol, Expr]
) -> list[list[tuple[Expr, Branch]]]:
    protocol, kind = key
    if protocol not in known:
        raise Refusal(f"no solution of protocol {protocol} was derived")
    solution = known[protocol]
    if solution.refused:
        raise Refusal(solution.gaps[0].reason)
    if kind.startswith("Exists"):
        found = [Branch(one.name, Integer(1), one.region, (), unique=one.unique) for one in solution.regimes]
        found += [
            Branch("no equilibrium", Integer(0), gap.region, ()) for gap in solution.gaps if gap.kind is not Without.UNSETTLED
        ]
        return [[(m, branch) for m in members] for branch in found]
    if kind.startswith("At"):
        named = {s for m in members for s in free_symbols(m.args[0])}
        spoken = [regime for regime in solution.regimes if not _silent(regime, named - set(definitions), solution)]
        if solution.regimes and not spoken:
            raise Refusal(f"the game under protocol {protocol} is never started")
        return [
            [
                (
                    m,
                    Branch(
                        regime.name,
                        _value(m.args[0], regime.resolved(), definitions, solution, frozenset(regime.free)),
                        regime.region,
                        regime.implicit,
                        regime.free,
                        regime.among,
                        regime.unique,
                    ),
                )
                for m in members
            ]
            for regime in spoken
        ]
    wanted = [
        response
        for response in solution.responses
        if (response.complete and kind.startswith("After") and str(response.stage) == kind.split()[1])
        or (not response.complete and kind.startswith("Reply") and members[0].args[0] in response.chooses)
    ]
    if not wanted:
        raise Refusal(f"the response that the claim speaks of was not derived for protocol {protocol}")
    (response,) = wanted[:1]
    return [
        [(m, _answer(m, str(i), case, response, definitions, solution)) for m in members]
        for i, case in enumerate(response.cases, 1)
    ]


def _answer(
    member: Expr, name: str, case: Case, response: Response, definitions: dict[Symbol, Expr], solution: Solution
) -> Branch:
    """One case of a response; cases may overlap where several choices are as good."""
    told = dict(case.values)
    implicit = tuple(item for item in response.implicit if item.symbol not in told)
    if len({item.symbol for item in implicit}) < len(set(implicit)):
        raise Refusal(f"the response under protocol {solution.protocol} is a root of different equations from case to case")
    value = _value(member.args[0], told, definitions, solution, frozenset(case.free))
    return Branch(name, value, case.region, implicit, case.free, case.among, len(response.cases) == 1)


def _silent(regime: Regime, wanted: set[Symbol], solution: Solution) -> bool:
    """Whether the claim is silent on a regime: the game is not started there, or somebody stays away from it, and so one of the
    quantities that others decide on has no value."""
    quantities = {symbol for other in solution.regimes for symbol in _told(other)}
    return bool(wanted & quantities - _told(regime) - set(regime.free))


def _told(regime: Regime) -> set[Symbol]:
    """The quantities that a regime tells, by value or by an equation."""
    return {symbol for symbol, _ in regime.values} | {item.symbol for item in regime.implicit}


def _value(
    quantity: Expr,
    values: dict[Symbol, Expr],
    definitions: dict[Symbol, Expr],
    solution: Solution,
    free: frozenset[Symbol] = frozenset(),
) -> Expr:
    expression = quantity.xreplace(dict(values.items()))
    for _ in range(len(definitions) + 1):
        if not free_symbols(expression) & set(definitions):
            break
        expression = expression.xreplace({s: v for s, v in definitions.items() if s not in values}).xreplace(values)
    if expression == quantity and quantity.is_Symbol and quantity not in values and quantity not in free:
        implicit = {i.symbol for r in solution.regimes for i in r.implicit} | {
            i.symbol for r in solution.responses for i in r.implicit
        }
        if quantity not in implicit and not any(quantity in free_symbols(r) for r in solution.assumptions):
            raise Refusal(f"{quantity} has no derived value under {solution.protocol}")
    return expression


def told_apart(answers: dict[Group, list[tuple[Expr, Branch]]]) -> dict[Expr, Branch]:
    """The branch of every reference; a symbol that stands for different quantities in different answers is renamed."""
    labels = [protocol if kind.startswith("At") else f"{protocol}_{kind.split()[0].lower()}" for protocol, kind in answers]
    unknowns = []
    for label, case in zip(labels, answers.values(), strict=True):
        each = [branch.unknowns(label) for _, branch in case]
        unknowns.append(replace(each[0], spoken=each[0].spoken.union(*(one.spoken for one in each))))
    return {
        reference: branch.with_names(table)
        for case, table in zip(answers.values(), apart(unknowns), strict=True)
        for reference, branch in case
    }
