"""Relations in one normal form: an expression compared with zero by ``>``, ``>=``, ``=`` or ``!=``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sympy import And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Ne, Or, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

_MAKE = {">": Gt, ">=": Ge, "<": Lt, "<=": Le, "=": Eq, "!=": Ne}
_NAMES: dict[type, str] = {kind: op for op, kind in _MAKE.items()}
TURN = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "!="}
"""What holds of the negative of an expression."""
_DENIAL = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=", "!=": "="}
ZERO = Integer(0)


class NotARelation(ValueError):
    """A Boolean of a shape the prover does not read."""


@lru_cache(maxsize=1 << 14)
def relation(left: Expr, op: str, right: Expr = ZERO) -> Relational:
    """The relation, unevaluated: SymPy's assumption queries neither simplify nor slow it. What is equal is mostly the same object,
    which spares comparisons of trees later."""
    return _MAKE[op](left, right, evaluate=False)


@lru_cache(maxsize=1 << 14)
def compared(left: Expr, op: str, right: Expr = ZERO) -> Boolean:
    """The relation, or its truth where SymPy sees that from the form. SymPy, slow to find that it sees none, is not asked where a term
    has any sign: one with an odd power of a symbol of which nothing is known, or of a sum of which the same is so."""
    difference = left if right is ZERO else left - right
    return relation(left, op, right) if _of_any_sign(difference) else _MAKE[op](left, right)


def _of_any_sign(expr: Expr) -> bool:
    if isinstance(expr, Symbol):
        return expr.is_nonnegative is expr.is_nonpositive is None
    if expr.is_Pow:
        return bool(expr.exp.is_Integer and expr.exp.p % 2) and _of_any_sign(expr.base)
    return bool(expr.is_Add or expr.is_Mul) and any(map(_of_any_sign, expr.args))


@lru_cache(maxsize=1 << 13)
def text(statement: Expr | Boolean) -> str:
    """How SymPy writes it: an order of statements that does not depend on hashes."""
    return str(statement)


def operator(claim: Boolean) -> str:
    """One of ``> >= < <= = !=``. Raises `NotARelation`."""
    try:
        return _NAMES[type(claim)]
    except KeyError:
        raise NotARelation(str(claim)) from None


def sides(claim: Relational) -> tuple[Expr, str, Expr]:
    """``(greater side, op, smaller side)`` with op one of ``> >= = !=``."""
    op = operator(claim)
    if op in ("<", "<="):
        return claim.rhs, op.replace("<", ">"), claim.lhs
    return claim.lhs, op, claim.rhs


def denial(claim: Relational) -> Relational:
    """The relation that holds exactly where `claim`, being defined, fails."""
    return relation(claim.lhs, _DENIAL[operator(claim)], claim.rhs)


def closed(claim: Relational) -> Relational:
    """The relation with its boundary."""
    op = operator(claim)
    return relation(claim.lhs, f"{op}=", claim.rhs) if op in ("<", ">") else claim


def contrary(claim: Boolean) -> Boolean:
    """What holds exactly where `claim` (relations joined by And and Or), being defined, fails."""
    if isinstance(claim, Relational):
        return denial(claim)
    if isinstance(claim, And | Or):
        return (Or if isinstance(claim, And) else And)(*map(contrary, claim.args), evaluate=False)
    if claim in (true, false):
        return true if claim == false else false
    raise NotARelation(str(claim))


def relations_in(claim: Boolean) -> tuple[Relational, ...]:
    """The relations that And and Or join to `claim`. Raises `NotARelation`."""
    if isinstance(claim, Relational):
        return (claim,)
    if isinstance(claim, And | Or):
        return tuple(found for part in claim.args for found in relations_in(part))
    if claim in (true, false):
        return ()
    raise NotARelation(str(claim))


def rejoined(claim: Boolean, parts: Sequence[Boolean]) -> Boolean:
    """The same connective of these parts, as it stands where they are its own: SymPy counts the nodes of all parts to order them."""
    if len(parts) == len(claim.args) and all(new is old for new, old in zip(parts, claim.args, strict=True)):
        return claim
    return type(claim)(*parts, evaluate=False)


def substitute(claim: Boolean, replace: dict) -> Boolean:
    """`claim` with the replacement made in both sides, unevaluated; inside And and Or too."""
    return _substituted(claim, tuple(replace.items()))


@lru_cache(maxsize=1 << 14)
def _substituted(claim: Boolean, replaced: tuple[tuple[Expr, Expr], ...]) -> Boolean:
    if isinstance(claim, Relational):
        table = dict(replaced)
        left, right = claim.lhs.xreplace(table), claim.rhs.xreplace(table)
        return claim if left is claim.lhs and right is claim.rhs else relation(left, operator(claim), right)
    if isinstance(claim, And | Or):
        return rejoined(claim, [_substituted(part, replaced) for part in claim.args])
    if claim in (true, false):
        return claim
    raise NotARelation(str(claim))


def flatten(given: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """The members of all conjunctions in `given`, in order, without repetition and without ``true``."""
    found: dict[Boolean, None] = {}
    for fact in given:
        if isinstance(fact, And):
            found.update(dict.fromkeys(flatten(fact.args)))
        elif fact != true:
            found[fact] = None
    return tuple(found)


def conjunction(parts: Sequence[Boolean]) -> Boolean:
    """The And of `parts`, or the only one, or ``true``."""
    return parts[0] if len(parts) == 1 else And(*parts, evaluate=False)


def fixed(facts: Sequence[Boolean]) -> dict[Symbol, Rational]:
    """Symbols with the numbers that equations between a symbol and a number give them."""
    values: dict[Symbol, Rational] = {}
    for fact in facts:
        if isinstance(fact, Eq):
            for left, right in (fact.args, fact.args[::-1]):
                if isinstance(left, Symbol) and isinstance(right, Rational):
                    values.setdefault(left, right)
    return values
