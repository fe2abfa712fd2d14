"""A name for the ratio of what is known to be positive to a denominator of the claim, and a symbol written in terms of it.

Closed forms often divide by one long polynomial, and what is given bounds the numerator above it: a share of something, say. With a
name for such a ratio, and a symbol that occurs in the denominator alone written in terms of it, claim and facts become short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flint import fmpq_mpoly
from sympy import Eq, Expr, Integer, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Cases, Certificate, Eliminated, Named, Using
from derive.prove.effort import Effort
from derive.prove.portfolio import prove_polynomial
from derive.prove.relations import relation, substitute
from derive.prove.saturate import points, saturated
from derive.prove.space import NotRational, Space, TooLarge
from derive.prove.theory import Theory
from derive.prove.truth import true_at

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]
LONG = 3  # terms of a numerator or denominator that a name makes shorter
MOST = 2


class Ratio(NamedTuple):
    """``top/bottom``, with ``top >= 0`` (``> 0`` if `strict`) known; ``bottom = lead * variable + rest`` with `lead` one term."""

    top: fmpq_mpoly
    bottom: fmpq_mpoly
    strict: bool
    variable: int
    lead: fmpq_mpoly
    rest: fmpq_mpoly


def prove_by_ratio(known: Theory, claim: Relational, effort: Effort, prove: Prover) -> Certificate | None:
    """Certificate of `claim`, which is true at the known points, with a name for such a ratio; `prove` proves what it becomes."""
    if _fails(known, claim):
        return None
    for count, ratio in enumerate(ratios(known, claim)):
        if count >= MOST or effort.spent():
            return None
        proof = _with_name(known, claim, ratio, effort, prove)
        if proof is not None:
            return proof
    return None


def _fails(known: Theory, claim: Relational) -> bool:
    """Whether the claim is false, or undefined, at a point where everything given holds."""
    return not known.unread and any(true_at(claim, known.space, point) is not True for point in points(known))


def ratios(known: Theory, claim: Relational) -> Iterator[Ratio]:
    """The ratios to long denominators of the claim whose numerators are factors of known sign of what is given."""
    space = known.space
    try:
        below = space.factor(space.difference(claim.lhs, claim.rhs).denominator)[1]
    except (NotRational, TooLarge, ZeroDivisionError):
        return
    for bottom, _ in below:
        if len(bottom) < LONG:
            continue
        for sign in tuple(known.signs.values()):
            if sign.op in ("=", "!=") or len(sign.base) < LONG or sign.base == bottom:
                continue
            top = sign.base if sign.op in (">", ">=") else -sign.base
            for variable, degree in enumerate(bottom.degrees()[: space.size]):
                if degree != 1 or top.degrees()[variable] > 0:
                    continue
                parts = space.split(bottom, variable)
                if len(parts[1]) == 1:
                    yield Ratio(top, bottom, sign.op in (">", "<"), variable, parts[1], parts.get(0, space.zero))
                    break


def _with_name(known: Theory, claim: Relational, ratio: Ratio, effort: Effort, prove: Prover) -> Certificate | None:
    """Where the numerator is positive, and where it vanishes; where it is negative nothing is admissible."""
    if ratio.strict:
        return _named(known, claim, ratio, effort, prove)
    top = known.space.expression(ratio.top)
    positive, zero, negative = (relation(top, op) for op in (">", "=", "<"))
    inside = _named(saturated((*known.given, positive), known.space.symbols), claim, ratio, effort, prove)
    edge = _on_edge(known, claim, ratio.top, zero, prove) if inside is not None else None
    beyond = prove(claim, (*known.given, negative)) if edge is not None else None
    if inside is None or edge is None or beyond is None:
        return None
    return Cases(claim=claim, given=known.given, branches=((positive, inside), (zero, edge), (negative, beyond)))


def _on_edge(known: Theory, claim: Relational, top: fmpq_mpoly, zero: Relational, prove: Prover) -> Certificate | None:
    """The claim where the numerator vanishes, with one of the symbols that are linear in it replaced."""
    space, given = known.space, (*known.given, zero)
    linear = [(space.split(top, v), v) for v, degree in enumerate(top.degrees()[: space.size]) if degree == 1]
    for parts, v in sorted(linear, key=lambda item: (-len(item[0][1]), item[1])):
        lead, rest = space.expression(parts[1]), space.expression(parts.get(0, space.zero))
        proof = _written(claim, given, zero, space.symbols[v], -rest / lead, lead, prove)
        if proof is not None:
            return proof
    return None


def _named(known: Theory, claim: Relational, ratio: Ratio, effort: Effort, prove: Prover) -> Certificate | None:
    space, given = known.space, known.given
    bottom, value = space.expression(ratio.bottom), space.expression(ratio.top) / space.expression(ratio.bottom)
    name = _fresh(space)
    defined = prove_polynomial(known, ratio.bottom, "!=", effort)
    if defined is None or known.clash is not None:
        return None
    equation = Eq(name, value, evaluate=False)
    facts = (*given, equation)
    lemmas = []
    for bound in (relation(name, ">"), relation(name, "<", Integer(1))):
        proof = prove(substitute(bound, {name: value}), given)
        if proof is not None:
            lemmas.append(
                Eliminated(
                    claim=bound,
                    given=facts,
                    symbol=name,
                    value=value,
                    equation=equation,
                    lead=bottom,
                    nonzero=defined,
                    proof=proof,
                )
            )
    if not lemmas or lemmas[0].claim.rhs != 0:
        return None
    extended = (*facts, *(lemma.claim for lemma in lemmas))
    lead = name * space.expression(ratio.lead)
    symbol = space.symbols[ratio.variable]
    written = (space.expression(ratio.top) - name * space.expression(ratio.rest)) / lead
    inner = _written(claim, extended, equation, symbol, written, lead, prove)
    if inner is None:
        return None
    proof = Using(claim=claim, given=facts, lemmas=tuple(lemmas), proof=inner)
    return Named(claim=claim, given=given, symbol=name, value=value, defined=(defined,), proof=proof)


def _written(
    claim: Relational, given: tuple[Boolean, ...], equation: Boolean, symbol: Symbol, value: Expr, lead: Expr, prove: Prover
) -> Certificate | None:
    """The claim with `symbol`, which the equation (one of `given`) makes equal to `value`, replaced."""
    others = tuple(fact for fact in given if fact != equation)
    nonzero = prove(relation(lead, "!="), others)
    if nonzero is None:
        return None
    table = {symbol: value}
    proof = prove(substitute(claim, table), (*(substitute(fact, table) for fact in others), nonzero.claim))
    if proof is None:
        return None
    return Eliminated(
        claim=claim, given=given, symbol=symbol, value=value, equation=equation, lead=lead, nonzero=nonzero, proof=proof
    )


def _fresh(space: Space) -> Symbol:
    taken = {symbol.name for symbol in space.symbols}
    return Symbol(
        next(name for name in ("x", "y", "h", *(f"x_{k}" for k in range(len(taken) + 1))) if name not in taken), real=True
    )
