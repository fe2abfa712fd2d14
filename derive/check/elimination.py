"""Systems of conditions solved one unknown after the other: that they have the stated solution and no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sympy import Expr, Integer, Ne, Symbol
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.certificates import Certificate
from derive.check.context import Context, follows, proved, same
from derive.check.registry import need, settle
from derive.check.sample import flat
from derive.check.zero import pieces

__all__ = ["eliminated", "nonzero", "only_solution", "only_vanishes_with", "relation_at", "side_of"]


def only_solution(
    equations: Sequence[Expr], values: Sequence[tuple[Symbol, Expr]], trail: Sequence[steps.Elimination], context: Context
) -> None:
    """Raises `Rejected` unless ``equations = 0`` hold at `values`, and, as the `trail` shows, nowhere else."""
    stated = settle(values)
    for equation in equations:
        context.equal(equation.xreplace(stated), Integer(0), "substituted back")
    done, _ = eliminated(equations, trail, context)
    need(set(done) == set(stated), "the eliminations do not determine every unknown")
    for symbol, value in settle(done.items()).items():
        context.equal(value, stated[symbol], f"the value of {symbol}")


def eliminated(
    equations: Sequence[Expr], trail: Sequence[steps.Elimination], context: Context
) -> tuple[dict[Symbol, Expr], list[Expr]]:
    """The unknowns as the trail solves for them, which has to follow from ``equations = 0``, and the equations that it did not use."""
    done: dict[Symbol, Expr] = {}
    left = list(equations)
    for part in trail:
        known = flat(relation_at(relation, done) for relation in context.known)
        units = [side_of(certificate, known) for certificate in part.excluded]
        _only(part.equation, part.factor, units, context, "a factor that may vanish was dropped")
        if part.combined:
            here = [equation.xreplace(settle(done.items())) for equation in equations]
            total = sum((m * e for m, e in zip(part.combined, here, strict=True)), Integer(0))
            context.equal(total, part.equation, "a combination of the conditions")
        for equation in () if part.combined else left:
            if only_vanishes_with(equation.xreplace(settle(done.items())), part.factor, units, context):
                left.remove(equation)
                break
        else:
            need(bool(part.combined), f"{part.equation} is none of the conditions")
        context.equal(part.factor.diff(part.unknown), part.lead, f"the coefficient of {part.unknown}")
        need(part.unknown not in part.lead.free_symbols, f"{part.factor} is not linear in {part.unknown}")
        if not (part.lead.is_Rational and part.lead):
            nonzero(part.lead, part.nonzero, known)
        context.equal(part.factor.xreplace({part.unknown: part.value}), Integer(0), f"the root {part.unknown}")
        done[part.unknown] = part.value
    return done, left


def relation_at(relation: Boolean, values: Mapping[Symbol, Expr]) -> Boolean:
    """A relation where symbols have these values."""
    if not relation.free_symbols & set(values):
        return relation
    return relation.func((relation.lhs - relation.rhs).xreplace(settle(values.items())), 0)


def side_of(certificate: Certificate, known: tuple[Boolean, ...]) -> Expr:
    """What a certificate shows to be nonzero."""
    need(getattr(certificate.claim, "rel_op", "") in ("<", ">", "!="), f"{certificate.claim} does not exclude zero")
    proved(certificate.claim, certificate, known, "an excluded factor")
    return certificate.claim.lhs - certificate.claim.rhs


def nonzero(expr: Expr, certificate: Certificate | None, known: tuple[Boolean, ...]) -> None:
    """Raises `Rejected` unless the certificate, or what is known, says that an expression does not vanish."""
    if certificate is not None:
        goals = {"<": expr < 0, ">": expr > 0}
        proved(goals.get(getattr(certificate.claim, "rel_op", ""), Ne(expr, 0)), certificate, known, f"{expr} is nonzero")
        return
    need(follows(Ne(expr, 0), known), f"no certificate that {expr} is nonzero")


def _only(equation: Expr, factor: Expr, units: Sequence[Expr], context: Context, reason: str) -> None:
    need(only_vanishes_with(equation, factor, units, context), f"{reason}: {equation} against {factor}")


def only_vanishes_with(equation: Expr, factor: Expr, units: Sequence[Expr], context: Context) -> bool:
    """Whether ``equation = 0`` says no more than ``factor = 0``: they differ by a product of factors of `units`."""
    if same(equation, Integer(0)):
        return False
    found = pieces((equation / factor, *units, factor), context.positive)
    harmless, own = {base for bases in found[1:-1] for base, _ in bases}, dict(found[-1])
    return all(
        base.is_Rational or (n > 0 and (base in harmless or base in own)) or (n < 0 and base not in own) for base, n in found[0]
    )
