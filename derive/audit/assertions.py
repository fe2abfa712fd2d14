"""A claim about solutions, turned into relations between parameters: one obligation for every combination of regimes.

`At`, `After`, `Reply` and `Slope` are replaced by what was derived. A quantity that is known only implicitly keeps its symbol; its
slope follows from the equation that defines it, whose own slope in the quantity has a sign proved by a lemma.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import sympy
from sympy import Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction

from derive.audit.clauses import clauses
from derive.audit.crossings import Crossing, by_crossings
from derive.audit.joint import Joint, comparable
from derive.audit.references import Branch, cases, grouped, protocol_of, told_apart
from derive.audit.roots import Known, known, needed
from derive.audit.setting import Setting
from derive.audit.slopes import of_law, steepness, total_derivative
from derive.errors import Refusal
from derive.field import NotRational, normal
from derive.ir import After, At, Claim, Exists, Reply, Slope, Switches
from derive.prove import refute
from derive.shocks import LawFunction
from derive.solution import Implicit, Solution, Without
from derive.tree import free_symbols, operations


@dataclass(frozen=True)
class Obligation:
    """``asserts`` is to hold wherever all of ``given`` do; ``regimes`` says in which regimes of which protocols.

    ``region`` are those of ``given`` that tell these regimes from the others. ``hidden`` symbols occur in ``asserts`` but are no
    data of the game: they stand for quantities that the parameters fix, or for any choice out of a continuum of equilibria.
    ``overlapping``: other regimes may hold for the same parameters. ``scope`` are those of ``given`` that are the claim's own.
    ``crossings`` say which comparisons of roots are told by the equations of these. Facts about `roots` are among ``given``,
    and that `joint` choices pay no less.
    """

    regimes: tuple[tuple[str, str], ...]
    asserts: Boolean
    given: tuple[Boolean, ...]
    law: str
    region: tuple[Boolean, ...] = ()
    hidden: frozenset[Symbol] = frozenset()
    overlapping: bool = False
    scope: tuple[Boolean, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    roots: tuple[Known, ...] = ()
    joint: tuple[tuple[Joint, Boolean], ...] = ()

    def known_for(self, claim: Boolean) -> tuple[Boolean, ...]:
        """What is given, without what is said of roots that have nothing to do with the claim."""
        about = {fact for one in self.roots for fact in one.facts}
        spoken = frozenset(free_symbols(claim).union(*(free_symbols(fact) for fact in self.given if fact not in about)))
        helpful = {fact for one in needed(spoken, self.roots) for fact in one.facts}
        return tuple(fact for fact in self.given if fact not in about or fact in helpful)

    def within(self, window: tuple[Boolean, ...]) -> Obligation:
        """The obligation on the values of a window only."""
        return replace(self, given=tuple(dict.fromkeys((*self.given, *window))), scope=(*self.scope, *window))

    @property
    def apart(self) -> tuple[Boolean, ...]:
        """What is given whatever the claim: other claims about these regimes share it."""
        return tuple(fact for fact in self.given if fact not in self.scope)


def obligations(claim: Claim, setting: Setting, instance: str) -> tuple[Obligation, ...]:
    """The claim under the law of `instance` ("" for the general one). Raises Refusal when it refers to what was not derived."""
    if claim.asserts is None:
        raise Refusal(claim.needs or "the data the claim speaks of are lost")
    claim = under_law(claim, dict(dict(setting.named).get(instance, ())))
    assert claim.asserts is not None
    solutions, definitions = setting.solutions, dict(setting.definitions)
    derived = {s.protocol: s for s in solutions if s.instance == instance}
    derived |= {s.protocol: s for s in solutions if s.protocol not in derived and not s.instance}
    references = sorted({r for part in (claim.asserts, *claim.given) for r in part.atoms(At, After, Exists, Reply)}, key=str)
    asked = [(reference.args[0], protocol_of(reference)) for reference in references if isinstance(reference, At)]
    preferred = tuple(comparable(setting.joint, asked, definitions, derived))
    groups = grouped(dict.fromkeys((*references, *(earned for one in preferred for earned in one.sums()))))
    assumptions = _assumptions(groups, derived, solutions)
    choices = [cases(key, members, derived, definitions) for key, members in groups.items()]
    posed = (
        _posed(claim, told_apart(dict(zip(groups, combination, strict=True))), assumptions, preferred, setting, instance)
        for combination in product(*choices)
    )
    return tuple(one for one in posed if one is not None)


def under_law(claim: Claim, values: Mapping[Symbol, Expr]) -> Claim:
    """The claim with what describes a law put in. Raises Refusal where it speaks of a change of that, or it has no end."""
    told = (claim.asserts, *claim.given, *claim.window) if claim.asserts is not None else ()
    spoken = {symbol: value for symbol, value in values.items() if any(symbol in free_symbols(part) for part in told)}
    along = {node.args[1] for part in told for node in part.atoms(Slope, Switches)}
    for symbol, value in spoken.items():
        if symbol in along or value.has(sympy.oo, -sympy.oo):
            raise Refusal(f"{symbol} is {value} under the law")
    put_in = dict(spoken)
    return replace(
        claim,
        asserts=None if claim.asserts is None else _put_in(claim.asserts, put_in),
        given=tuple(_put_in(fact, put_in) for fact in claim.given),
        window=tuple(_put_in(fact, put_in) for fact in claim.window),
    )


def _posed(
    claim: Claim,
    values: dict[Expr, Branch],
    assumptions: tuple[Boolean, ...],
    preferred: tuple[Joint, ...],
    setting: Setting,
    instance: str,
) -> Obligation | None:
    """The claim in one combination of regimes; None where what it supposes is false there."""
    free = frozenset(symbol for branch in values.values() for symbol in branch.free)
    region = tuple(dict.fromkeys(r for branch in values.values() for r in branch.region))
    among = tuple(dict.fromkeys(r for branch in values.values() for r in branch.among))
    scope = tuple(clauses(r.xreplace({reference: branch.value for reference, branch in values.items()})) for r in claim.given)
    if sympy.false in scope:
        return None
    pins = _pinned(free, (*region, *among, *scope))
    values = {reference: replace(branch, value=branch.value.xreplace(pins)) for reference, branch in values.items()}
    implicit = {item.symbol: item for branch in values.values() for item in branch.implicit}
    stated = _gathered(_resolved(claim.asserts, values, implicit, free - set(pins), setting.of_laws))
    told = tuple(r for r in (r.xreplace(pins) for r in (*among, *region, *scope)) if r != sympy.true)
    spoken = free_symbols(stated).union(*map(free_symbols, told))
    outer = tuple(r for symbol, relations in setting.domains if symbol in spoken for r in relations)
    every = known(implicit.values(), assumptions)
    asserts, crossings = by_crossings(stated, implicit, (*assumptions, *outer, *_facts(every), *told))
    spoken = free_symbols(asserts).union(*map(free_symbols, told))
    roots = needed(frozenset(spoken), every)
    left = set(implicit) - {one.root.symbol for one in roots}
    no_less = ((one, _no_less(*(values[earned].value for earned in one.sums()))) for one in preferred)
    helpful = tuple((one, fact) for one, fact in no_less if not free_symbols(fact) & left)
    return Obligation(
        regimes=tuple(dict.fromkeys((protocol_of(reference), branch.name) for reference, branch in values.items())),
        asserts=asserts,
        given=tuple(dict.fromkeys((*assumptions, *outer, *_facts(roots), *(fact for _, fact in helpful), *told))),
        law=instance,
        region=region,
        hidden=(free - set(pins) | {steepness(symbol) for symbol in implicit}) & spoken,
        overlapping=not all(branch.unique for branch in values.values()),
        scope=scope,
        crossings=crossings,
        roots=roots,
        joint=helpful,
    )


def _facts(roots: Sequence[Known]) -> tuple[Boolean, ...]:
    return tuple(fact for one in roots for fact in one.facts)


def _no_less(joint: Expr, other: Expr) -> Boolean:
    """What is earned together is no less than it is elsewhere."""
    return sympy.Ge(joint, other, evaluate=False)


def _gathered(asserts: Boolean) -> Boolean:
    """An inequality in which powers have parameters in the exponent, on one side, where that makes it shorter: powers of the same
    base meet there."""
    if not isinstance(asserts, sympy.GreaterThan | sympy.LessThan | sympy.StrictGreaterThan | sympy.StrictLessThan):
        return asserts
    if not any(free_symbols(power.exp) for power in asserts.atoms(sympy.Pow)):
        return asserts
    try:
        gap = normal(asserts.lhs - asserts.rhs)
    except NotRational:
        return asserts
    shorter = operations(gap) < operations(asserts.lhs) + operations(asserts.rhs)
    return asserts.func(gap, 0) if shorter and not gap.is_number else asserts


def _pinned(free: frozenset[Symbol], relations: tuple[Boolean, ...]) -> dict[Symbol, Expr]:
    """The free choices of which the relations leave one value, as they do where a claim speaks of one equilibrium of many."""
    found: dict[Symbol, Expr] = {}
    for symbol in sorted(free, key=str):
        sides: dict[bool, list[Expr]] = {True: [], False: []}
        for relation in relations:
            if isinstance(relation, sympy.GreaterThan | sympy.LessThan) and symbol in free_symbols(relation):
                gap = relation.gts - relation.lts
                slope = normal(gap.diff(symbol))
                if slope.is_Rational:
                    sides[bool(slope > 0)].append(normal(-gap.xreplace({symbol: Integer(0)}) / slope))
        value = next((low for low in sides[True] for high in sides[False] if normal(low - high) == 0), None)
        if value is not None and not free_symbols(value) & free:
            found[symbol] = value
    return found


def left_open(claim: Claim, solutions: Sequence[Solution], extra: tuple[Boolean, ...]) -> str:
    """Why nothing is known for some parameters that the claim speaks of; empty when everything they need was settled."""
    spoken = (
        {protocol_of(reference) for reference in claim.asserts.atoms(At, After, Exists, Reply)}
        if claim.asserts is not None
        else set()
    )
    for solution in solutions:
        for gap in solution.gaps:
            if solution.protocol not in spoken or gap.kind is not Without.UNSETTLED:
                continue
            if refute((*solution.assumptions, *gap.region, *claim.given, *extra)) is None:
                return f"protocol {solution.protocol}: {gap.reason}"
    return ""


def unsolved(claim: Claim, solutions: Sequence[Solution]) -> tuple[str, ...]:
    """The protocols of whose values the claim speaks and which have none for some parameters: there it says nothing."""
    spoken = {protocol_of(reference) for reference in claim.asserts.atoms(At, After, Reply)} if claim.asserts is not None else set()
    found = (
        solution.protocol
        for solution in solutions
        if solution.protocol in spoken
        for gap in solution.gaps
        if gap.kind is not Without.UNSETTLED and refute((*solution.assumptions, *gap.region, *claim.given)) is None
    )
    return tuple(dict.fromkeys(found))


def among_alike(claim: Claim, solutions: Sequence[Solution]) -> bool:
    """Whether the claim asks for equilibria where only those are known not to exist in which players who are alike choose alike."""
    asked = {protocol_of(reference) for reference in claim.asserts.atoms(Exists)} if claim.asserts is not None else set()
    gaps = (gap for solution in solutions if solution.protocol in asked for gap in solution.gaps)
    return any(gap.kind is Without.NO_SYMMETRIC_EQUILIBRIUM for gap in gaps)


def only_provable(claim: Claim, solutions: Sequence[Solution]) -> bool:
    """Whether no point can speak against the claim under the general law: whatever regimes apply, it speaks of a quantity whose
    equation has functions of no known values."""
    spoken = {protocol_of(reference) for reference in claim.asserts.atoms(At)} if claim.asserts is not None else set()
    return any(
        solution.regimes and all(any(item.equation.atoms(LawFunction) for item in regime.implicit) for regime in solution.regimes)
        for solution in solutions
        if solution.protocol in spoken and not solution.instance
    )


def _assumptions(
    groups: dict[tuple[str, str], list[Expr]], known: dict[str, Solution], solutions: Sequence[Solution]
) -> tuple[Boolean, ...]:
    sources = [known[protocol] for protocol, _ in groups if protocol in known] or list(solutions[:1])
    return tuple(dict.fromkeys(r for solution in sources for r in solution.assumptions))


def _resolved(
    asserts: Boolean,
    values: dict[Expr, Branch],
    implicit: dict[Symbol, Implicit],
    free: frozenset[Symbol],
    of_laws: frozenset[Symbol],
) -> Boolean:
    table = {reference: branch.value for reference, branch in values.items()}
    for slope in sorted(asserts.atoms(Slope), key=lambda node: (len(str(node)), str(node))):
        inner = slope.args[0].xreplace(table)
        if free_symbols(inner) & free:
            raise Refusal(f"{slope.args[0]} is not unique, so it has no slope")
        if slope.args[1] in of_laws and of_law(inner, implicit):
            raise Refusal(f"a change of {slope.args[1]} is a change of the law, of whose functions nothing else is known")
        table[slope] = total_derivative(inner, slope.args[1], implicit)
    return _put_in(asserts, table)


def _put_in(claim: Boolean, table: dict[Expr, Expr]) -> Boolean:
    """The claim with these values; between numbers it is decided, otherwise SymPy is not asked what it makes of the relation."""
    if isinstance(claim, BooleanFunction):
        return claim.func(*(_put_in(part, table) for part in claim.args))
    if not isinstance(claim, Relational):
        return claim.xreplace(table)
    left, right = claim.lhs.xreplace(table), claim.rhs.xreplace(table)
    return claim.func(left, right, evaluate=left.is_number and right.is_number)
