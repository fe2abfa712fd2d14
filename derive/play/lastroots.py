"""All roots of one equation in one unknown: of a quadratic one both, of one that falls or rises throughout the one that there is.

On which side of a value the root of a falling core lies, the sign of the core there says, in which no root stands.
"""

from __future__ import annotations

from sympy import E, Eq, Expr, Pow, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import SignedProduct, sign_of, signed_product
from derive.algebra.shape import without_moduli
from derive.algebra.spread import apart
from derive.algebra.systems import LastRoot, nonzero
from derive.certificates import Certificate
from derive.decision.peak import Falling, falling
from derive.decision.problem import relation_at, unique
from derive.errors import Refusal
from derive.field import NotRational, coefficients, normal
from derive.kernels import kernels
from derive.placed import normal_at
from derive.prove import prove
from derive.prove.relations import compared
from derive.triangular import Falls, LastEquation, Quadratic

__all__ = ["last_roots", "side_of_root"]


def last_roots(equation: Expr, unknown: Symbol, given: tuple[Boolean, ...]) -> tuple[LastRoot, ...]:
    """All roots among what is given. Raises Refusal where they are not known."""
    known = tuple(relation for relation in given if unknown not in relation.free_symbols or _bounds(relation, unknown))
    split = signed_product(apart(equation, (unknown,), known), known)
    for side in (split, SignedProduct(split.positive, normal(-split.core), split.certificate)):
        form = falling(side, unknown, known)
        root = None if form is None else _only(form, unknown, known)
        if root is not None:
            return (root,)
    both = _both(split, unknown, known)
    if both is None:
        raise Refusal(f"the roots of {split.core} = 0 are not known in closed form", symbol=str(unknown))
    return both


def _bounds(relation: Boolean, unknown: Symbol) -> bool:
    """Whether a relation bounds the unknown from one side."""
    return getattr(relation, "rel_op", "") in ("<", "<=", ">", ">=") and (relation.lhs - relation.rhs).diff(unknown, 2) == 0


def _excluded(split: SignedProduct) -> tuple[Certificate, ...]:
    return () if split.certificate is None else (split.certificate,)


def _only(form: Falling, unknown: Symbol, known: tuple[Boolean, ...]) -> LastRoot | None:
    """The root of a core that falls, in terms of powers, where it is proved to lie within the bounds between which the core does."""
    core = form.split.core
    if form.root is None or not all(isinstance(node, Pow) and node.base != E for node in kernels(form.root)):
        return None
    among = [r for r in form.certificate.given if unknown in r.free_symbols and r != Eq(core, 0)]
    outside = tuple(relation for relation in known if unknown not in relation.free_symbols)
    try:
        inside = [prove(relation_at(relation, {unknown: form.root}), outside) for relation in among]
    except NotRational:
        return None
    proofs = tuple(proof for proof in inside if proof is not None)
    if len(proofs) < len(inside):
        return None
    shape = Falls(form.slope, form.certificate, proofs)
    return LastRoot(LastEquation(unknown, core, _excluded(form.split), shape), form.root)


def _both(split: SignedProduct, unknown: Symbol, known: tuple[Boolean, ...]) -> tuple[LastRoot, ...] | None:
    """Both roots of a quadratic core; None where it is not settled whether they are real."""
    parts = coefficients(split.core, unknown)
    if parts is None or len(parts) != 3:
        return None
    constant, linear, square = parts
    apart_from_zero = None if square.is_Rational else nonzero(square, known)
    if not square.is_Rational and apart_from_zero is None:
        return None
    outside = tuple(relation for relation in known if unknown not in relation.free_symbols)
    discriminant = normal(linear**2 - 4 * square * constant)
    if prove(discriminant < 0, outside) is not None:
        return ()
    if prove(discriminant >= 0, outside) is None:
        return None
    equation = LastEquation(
        unknown, split.core, _excluded(split), Quadratic((constant, linear, square), apart_from_zero, discriminant)
    )
    root = without_moduli(sqrt(discriminant), outside)
    return tuple(LastRoot(equation, normal((-linear + side * root) / (2 * square))) for side in (1, -1))


def side_of_root(relation: Boolean, last: LastEquation, known: tuple[Boolean, ...]) -> tuple[Boolean, ...] | None:
    """A relation that is linear in the last unknown, once factors with a sign are gone, by the sign of the core that falls; None where it
    is not, or asks the root to be above a value that may be beyond its bounds."""
    parts, unknown = coefficients(last.core, last.unknown), last.unknown
    if parts is None or len(parts) < 3 or not isinstance(last.shape, Falls) or not hasattr(relation, "gts"):
        return None
    line = coefficients(signed_product(normal(relation.gts - relation.lts), known).core, unknown)
    slope = sign_of(line[1], known) if line is not None and len(line) == 2 else None
    if line is None or slope is None:
        return None
    level = normal(-line[0] / line[1])
    outside = tuple(one for one in known if unknown not in one.free_symbols)
    bounds = [one for one in last.shape.certificate.given if unknown in one.free_symbols and one != Eq(last.core, 0)]
    between = [relation_at(one, {unknown: level}) for one in bounds]
    beyond = unique(one for one in between if prove(one, outside) is None)
    if beyond and (slope > 0 or any(sign_of((one.lhs - one.rhs).diff(unknown), ()) != _side(one) for one in bounds)):
        return None
    there = normal_at(last.core, {unknown: level})
    return *beyond, compared(slope * there, ">" if relation.rel_op in ("<", ">") else ">=")


def _side(relation: Boolean) -> int:
    """The sign of the slope with which a relation bounds its unknown from below."""
    return 1 if relation.rel_op in (">", ">=") else -1
