"""From a claim on rational functions to polynomial goals: conjunctions, cases, equations solved for a symbol, denominators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from flint import fmpq, fmpq_mpoly
from sympy import And, Eq, Expr, Or, Symbol, false, nan, true, zoo
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import (
    Alternatives,
    Assumed,
    Cases,
    Certificate,
    Conjunction,
    Contradiction,
    Eliminated,
    Factor,
    Factors,
)
from derive.prove.effort import Effort, allowance
from derive.prove.portfolio import from_clash, prove_factors, prove_polynomial, refute_theory
from derive.prove.ratios import prove_by_ratio, ratios
from derive.prove.relations import (
    TURN,
    NotARelation,
    contrary,
    denial,
    fixed,
    flatten,
    operator,
    relation,
    relations_in,
    substitute,
)
from derive.prove.saturate import fraction_fails, saturated
from derive.prove.space import Fraction, NotRational, Space, TooLarge, rational, space
from derive.prove.theory import Theory, holds
from derive.prove.truth import true_at
from derive.tree import free_symbols

WORK_ON_LEADS = 1000
WORK_AT_ONCE = 200  # on a claim that a name could make shorter


def names(booleans: Sequence[Boolean]) -> tuple[Symbol, ...]:
    """All free symbols, sorted by name."""
    found: set[Symbol] = set()
    for boolean in booleans:
        found |= free_symbols(boolean)
    return tuple(sorted(found, key=lambda symbol: symbol.name))


def prove_goal(claim: Boolean, given: tuple[Boolean, ...], effort: Effort) -> Certificate | None:
    """Certificate of `claim` (a relation, And or Or of them, or ``false``) under `given`; both without atoms."""
    if claim == true:
        return Conjunction(claim=claim, given=given, parts=())
    if isinstance(claim, And):
        parts = []
        for part in claim.args:
            proof = prove_goal(part, given, effort)
            if proof is None:
                return None
            parts.append(proof)
        return Conjunction(claim=claim, given=given, parts=tuple(parts))
    if isinstance(claim, Or):
        return _prove_disjunction(claim, given, effort)
    flat = flatten(given)
    if false in flat:
        proof = Assumed(claim=false, given=given, fact=false)
        return proof if claim == false else Contradiction(claim=claim, given=given, refutation=proof)
    if claim != false and not isinstance(claim, Relational):
        return None
    groups = [relevant(claim, flat)] if claim != false else [*_false_at_numbers(flat), *components(flat)]
    for near in groups:
        proof = _prove_flat(claim, near, effort)
        if proof is not None:
            return replace(proof, given=given)
    return None


def _false_at_numbers(given: tuple[Boolean, ...]) -> Iterator[tuple[Boolean, ...]]:
    """Facts that are false at the numbers that equations give their symbols, each with these equations."""
    numbers = fixed(given)
    equations = {symbol: fact for fact in reversed(given) for symbol in fixed((fact,))}
    for fact in given if numbers else ():
        if free_symbols(fact) <= set(numbers) and true_at(substitute(fact, numbers), space(()), ()) is False:
            yield fact, *(equations[symbol] for symbol in names((fact,)))


def components(given: tuple[Boolean, ...]) -> list[tuple[Boolean, ...]]:
    """`given` in groups without common symbols, the group of the last relation first."""
    groups: list[tuple[Boolean, ...]] = []
    rest = given
    while rest:
        group = relevant(rest[-1], rest)
        if not group:
            group = rest[-1:]
        groups.append(group)
        within = frozenset(group)
        rest = tuple(fact for fact in rest if fact not in within)
    return groups


def _prove_disjunction(claim: Or, given: tuple[Boolean, ...], effort: Effort) -> Certificate | None:
    ring = space(names((*given, claim)))
    defined = []
    try:
        divisors = [d for part in relations_in(claim) for d in ring.difference(part.lhs, part.rhs).divisors]
        denials = [contrary(part) for part in claim.args]
    except (NotARelation, NotRational, TooLarge, ZeroDivisionError):
        return None
    for divisor in divisors:
        for base, _ in ring.factor(divisor)[1]:
            proof = prove_goal(relation(ring.expression(base), "!="), given, effort)
            if proof is None:
                return None
            defined.append(proof)
    refutation = prove_goal(false, (*given, *denials), effort)
    if refutation is None:
        return None
    return Alternatives(claim=claim, given=given, defined=tuple(dict.fromkeys(defined)), refutation=refutation)


def relevant(claim: Boolean, given: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
    """The relations connected with `claim` through common symbols."""
    reached = set(free_symbols(claim))
    rest = [(fact, free_symbols(fact)) for fact in given]
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for i, (_, used) in enumerate(rest):
            if i not in kept and used & reached:
                kept.add(i)
                changed = changed or not used <= reached
                reached |= used
    return tuple(fact for i, (fact, _) in enumerate(rest) if i in kept)


def _prove_flat(claim: Boolean, given: tuple[Boolean, ...], effort: Effort) -> Certificate | None:
    if effort.spent():
        return None
    if claim in given:
        return Assumed(claim=claim, given=given, fact=claim)
    step = elimination(given, effort)
    if step is not None:
        return _eliminate(claim, given, step, effort)
    known = saturated(given, names((*given, claim)))
    if known.clash is not None:
        return from_clash(known, claim)
    choice = next((fact for fact in given if isinstance(fact, Or)), None)
    if choice is not None:
        return _distinguish(claim, given, choice, effort)
    if claim == false:
        return refute_theory(known, effort) or _split_equation(claim, known, effort)
    assert isinstance(claim, Relational)
    return _with_a_name(known, claim, effort) or prove_relation(known, claim, effort) or _split_equation(claim, known, effort)


def _with_a_name(known: Theory, claim: Relational, effort: Effort) -> Certificate | None:
    """A claim with a long denominator: at once, or else with a name for a ratio to that denominator, before longer searches."""
    if effort.splits <= 0 or next(ratios(known, claim), None) is None:
        return None
    quick = allowance(WORK_AT_ONCE, 0)
    proof = prove_relation(known, claim, quick)
    effort.charge(WORK_AT_ONCE - quick.budget.left)
    if proof is not None or effort.spent():
        return proof
    plain = effort.with_splits(0)
    return prove_by_ratio(known, claim, plain, lambda goal, facts: prove_goal(goal, facts, plain))


# --- one relation ----------------------------------------------------------------------------------------------------


def prove_relation(known: Theory, claim: Relational, effort: Effort) -> Certificate | None:
    """Certificate of a relation between rational functions, denominators included."""
    space = known.space
    try:
        op = operator(claim)
        value = space.difference(claim.lhs, claim.rhs)
        return _prove_fraction(known, claim, op, value, effort)
    except (NotARelation, NotRational, TooLarge, ZeroDivisionError):
        return None


def _prove_fraction(known: Theory, claim: Relational, op: str, value: Fraction, effort: Effort) -> Certificate | None:
    space = known.space
    if fraction_fails(known, value, op):
        return None
    constant, top = space.factor(value.numerator)
    scale, bottom = space.factor(value.denominator)
    below = [(base, -exponent) for base, exponent in bottom]
    present = {space.key(base) for base, _ in bottom}
    for divisor in value.divisors:
        for base, _ in space.factor(divisor)[1]:
            if space.key(base) not in present:
                present.add(space.key(base))
                below.append((base, 0))
    if op == "=" and not value.numerator.is_zero():
        return _prove_equation(known, claim, value.numerator, scale, below, effort)
    if value.numerator.is_zero():
        parts = prove_factors(known, fmpq(1), below, "!=", effort)
        if parts is None or not holds(fmpq(0), op):
            return None
        return Factors(claim=claim, given=known.given, coefficient=rational(fmpq(0)), factors=parts)
    parts = prove_factors(known, constant / scale, top + below, op, effort)
    if parts is not None:
        return Factors(claim=claim, given=known.given, coefficient=rational(constant / scale), factors=parts)
    if len(top) == 1 and top[0][1] == 1:
        return None
    for sign, goal in ((">", op), ("<", TURN[op])):
        under = prove_factors(known, scale, below, sign, effort)
        if under is None:
            continue
        proof = prove_polynomial(known, value.numerator, goal, effort)
        if proof is None:
            return None
        whole = Factor(space.expression(value.numerator), 1, proof)
        return Factors(claim=claim, given=known.given, coefficient=rational(1 / scale), factors=(whole, *under))
    return None


def _prove_equation(
    known: Theory,
    claim: Relational,
    numerator: fmpq_mpoly,
    scale: fmpq,
    below: list[tuple[fmpq_mpoly, int]],
    effort: Effort,
) -> Certificate | None:
    under = prove_factors(known, scale, below, "!=", effort)
    proof = prove_polynomial(known, numerator, "=", effort) if under is not None else None
    if under is None or proof is None:
        return None
    whole = Factor(known.space.expression(numerator), 1, proof)
    return Factors(claim=claim, given=known.given, coefficient=rational(1 / scale), factors=(whole, *under))


# --- equations -------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """``symbol = value`` by `equation`, whose coefficient `lead` is not zero by `nonzero`; given with that put in is `inner`."""

    equation: Relational
    symbol: Symbol
    value: Expr
    lead: Expr
    nonzero: Certificate
    inner: tuple[Boolean, ...]


def elimination(given: tuple[Boolean, ...], effort: Effort) -> Step | None:
    """The simplest equation among `given` (flattened) that gives a symbol."""
    step, price = _elimination(given)
    effort.charge(price)
    return step


@lru_cache(maxsize=4096)
def _elimination(given: tuple[Boolean, ...]) -> tuple[Step | None, int]:
    if not any(isinstance(fact, Eq) for fact in given):
        return None, 0
    ring = space(names(given))
    options = sorted(_solvable(given, ring), key=lambda option: option[0])
    if options and options[0][3].is_constant():
        step = _step(given, ring, *options[0][1:], _nonzero_number(given, options[0][3]))
        if not any(fact.has(zoo, nan) for fact in step.inner):
            return step, 0
    known, effort = saturated(given, ring.symbols), allowance(WORK_ON_LEADS, 0)
    for _, statement, v, lead, rest in options if known.clash is None else []:
        proof = prove_polynomial(known, lead, "!=", effort)
        if proof is not None:
            return _step(given, ring, statement, v, lead, rest, proof), WORK_ON_LEADS - effort.budget.left
    return None, WORK_ON_LEADS - effort.budget.left


Rank = tuple[bool, int, bool, int, int, int]


def _solvable(given: tuple[Boolean, ...], ring: Space) -> Iterator[tuple[Rank, Relational, int, fmpq_mpoly, fmpq_mpoly]]:
    """Equations ``lead * symbol + rest = 0``, ranked by their simplicity."""
    for order, statement in enumerate(given):
        if not isinstance(statement, Eq):
            continue
        try:
            polynomial = ring.difference(statement.lhs, statement.rhs).numerator
        except (NotRational, TooLarge, ZeroDivisionError):
            continue
        for v, degree in enumerate(polynomial.degrees()[: ring.size]):
            if degree == 1:
                parts = ring.split(polynomial, v)
                alone = sum(ring.symbols[v] in free_symbols(fact) for fact in given) == 1
                rank = (not parts[1].is_constant(), len(parts[1]), not alone, len(polynomial), order, v)
                yield rank, statement, v, parts[1], parts.get(0, ring.zero)


def _nonzero_number(given: tuple[Boolean, ...], lead: fmpq_mpoly) -> Certificate:
    number = rational(lead.leading_coefficient())
    return Factors(claim=relation(number, "!="), given=given, coefficient=number)


def _step(
    given: tuple[Boolean, ...],
    ring: Space,
    statement: Relational,
    v: int,
    lead: fmpq_mpoly,
    rest: fmpq_mpoly,
    proof: Certificate,
) -> Step:
    symbol, number = ring.symbols[v], lead.is_constant()
    value = ring.expression(-rest / lead) if number else ring.expression(-rest) / ring.expression(lead)
    inner = [substitute(fact, {symbol: value}) for fact in given if fact != statement]
    if not number:
        inner.append(proof.claim)
    return Step(statement, symbol, value, ring.expression(lead), proof, tuple(inner))


def _eliminate(claim: Boolean, given: tuple[Boolean, ...], step: Step, effort: Effort) -> Certificate | None:
    proof = prove_goal(substitute(claim, {step.symbol: step.value}), step.inner, effort)
    if proof is None:
        return None
    return Eliminated(
        claim=claim,
        given=given,
        symbol=step.symbol,
        value=step.value,
        equation=step.equation,
        lead=step.lead,
        nonzero=step.nonzero,
        proof=proof,
    )


def _distinguish(claim: Boolean, given: tuple[Boolean, ...], choice: Or, effort: Effort) -> Certificate | None:
    rest = tuple(fact for fact in given if fact != choice)
    branches = []
    for case in choice.args:
        proof = prove_goal(claim, (*rest, case), effort) or _impossible(claim, case, rest, effort)
        if proof is None:
            return None
        branches.append((case, proof))
    return Cases(claim=claim, given=given, branches=tuple(branches), fact=choice)


def _impossible(claim: Boolean, case: Boolean, rest: tuple[Boolean, ...], effort: Effort) -> Certificate | None:
    """A case that shares no symbol with the claim may be excluded by what else is given."""
    given = (*rest, case)
    if claim == false or case in relevant(claim, flatten(given)):
        return None
    refutation = prove_goal(false, given, effort)
    return refutation and Contradiction(claim=claim, given=given, refutation=refutation)


def _split_equation(claim: Boolean, known: Theory, effort: Effort) -> Certificate | None:
    """A product that vanishes: its first factor vanishes, or it does not."""
    if effort.splits <= 0 or effort.spent():
        return None
    for fact in known.facts:
        if fact.op != "=":
            continue
        factors = known.space.factor(fact.polynomial)[1]
        if len(factors) < 2:
            continue
        signs = [known.signs.get(known.space.key(b)) for b, _ in factors]
        base = next((b for (b, _), s in zip(factors, signs, strict=True) if s is None or s.op in (">=", "<=")), None)
        if base is None:
            continue
        case = relation(known.space.expression(base), "=")
        branches = []
        for condition in (case, denial(case)):
            proof = prove_goal(claim, (*known.given, condition), effort.less())
            if proof is None:
                return None
            branches.append((condition, proof))
        return Cases(claim=claim, given=known.given, branches=tuple(branches))
    return None
