"""Expected values of expressions in shocks, and certainty equivalents of incomes with normal shocks.

Each rule is sound for independent shocks: expectation is linear; powers of a shock have the moments of its law;
``E[min(u, m eps + n)] = n + m (z - Lambda(z))`` with ``z = (u - n)/m`` where ``m > 0`` is proved, and its mirror images;
``E[exp(m eps)]`` of a normal shock; products of kinks that lie at one point (see `derive.law.broken`). Under constant absolute risk
aversion an income affine in normal shocks is worth ``mean - rho/2 * variance``. Everything else is refused, naming player and term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Abs, Add, Expr, Integer, Max, Min, Mul, Pow, Symbol, exp, expand
from sympy.logic.boolalg import Boolean

from derive import ir
from derive.algebra.signs import sign
from derive.errors import Refusal
from derive.law.broken import Untold, broken
from derive.prove import prove
from derive.shocks import Overage, mean, moment

__all__ = ["Certainty", "Context", "certainty_equivalent", "expected"]


@dataclass(frozen=True)
class Context:
    """What a refusal names, what a proof may use, and the laws of the shocks with the names of their cdfs."""

    model: str
    protocol: str
    player: str
    shocks: Mapping[Symbol, ir.Distribution]
    names: Mapping[Symbol, str]
    given: tuple[Boolean, ...]

    def refuse(self, term: Expr, why: str) -> Refusal:
        return Refusal(
            f"cannot take the expectation of {term}: {why}", model=self.model, protocol=self.protocol, player=self.player
        )

    def random(self, expression: Expr) -> list[Symbol]:
        return sorted(expression.free_symbols & set(self.shocks), key=str)


@dataclass(frozen=True)
class Certainty:
    """A certainty equivalent, with the mean and the variance of the income it comes from."""

    value: Expr
    mean: Expr
    variance: Expr


def certainty_equivalent(income: Expr, aversion: Expr, context: Context) -> Certainty:
    """``mean - aversion/2 * variance`` of an income affine in normal shocks. Raises `Refusal` for any other income."""
    if sign(aversion, context.given, prove) != 1:
        raise context.refuse(income, f"the risk aversion {aversion} is not proved positive")
    middle, spread = income, []
    for shock in context.random(income):
        law = context.shocks[shock]
        line = _affine(income, shock)
        if not isinstance(law, ir.Normal):
            raise context.refuse(income, f"under constant absolute risk aversion {shock} must be normal")
        if line is None or context.random(line[0]):
            raise context.refuse(income, f"under constant absolute risk aversion the income must be affine in {shock}")
        middle = middle.xreplace({shock: law.mean})
        spread.append(line[0] ** 2 * law.variance)
    variance = Add(*spread)
    return Certainty(middle - aversion / 2 * variance, middle, variance)


def _affine(expression: Expr, shock: Symbol) -> tuple[Expr, Expr] | None:
    """``(m, n)`` with ``expression = m * shock + n`` and both free of `shock`, or None."""
    if any(shock in node.free_symbols for node in expression.atoms(Min, Max, Abs)):
        return None
    slope = expression.diff(shock)
    if shock in slope.free_symbols:
        slope = expand(slope)
        if shock in slope.free_symbols:
            return None
    return slope, expression.xreplace({shock: Integer(0)})


def expected(term: Expr, context: Context) -> Expr:
    """The expectation of `term`. Raises `Refusal` naming the part of it that has no rule."""
    shocks = context.random(term)
    if not shocks:
        return term
    if isinstance(term, Add):
        return Add(*[expected(part, context) for part in term.args])
    if isinstance(term, Mul):
        return _expect_product(term, context)
    if isinstance(term, Symbol):
        return mean(context.shocks[term])
    if isinstance(term, Pow):
        return _expect_power(term, context)
    if isinstance(term, Min | Max | Abs):
        return _expect_kink(term, context)
    if isinstance(term, exp):
        return _expect_exponential(term, context)
    raise context.refuse(term, "there is no rule for it")


def _expect_product(term: Mul, context: Context) -> Expr:
    sure = [factor for factor in term.args if not context.random(factor)]
    risky = [factor for factor in term.args if context.random(factor)]
    if len(risky) == 1:
        return Mul(*sure, expected(risky[0], context))
    opened = expand(Mul(*risky))
    if isinstance(opened, Add):
        return Mul(*sure, expected(opened, context))
    groups: dict[tuple[Symbol, ...], list[Expr]] = {}
    for factor in risky:
        groups.setdefault(tuple(context.random(factor)), []).append(factor)
    if len({shock for group in groups for shock in group}) != sum(len(group) for group in groups):
        raise context.refuse(Mul(*risky), "its factors depend on the same shock")
    means = (
        expected(factors[0], context) if len(factors) == 1 else _expect_broken(Mul(*factors), context)
        for factors in groups.values()
    )
    return Mul(*sure, *means)


def _expect_broken(term: Expr, context: Context) -> Expr:
    """``E`` of a product of factors that depend on the same shock and bend at one point."""
    shocks = context.random(term)
    if len(shocks) != 1 or not term.has(Min, Max, Abs):
        raise context.refuse(term, "its factors depend on the same shock" if len(shocks) == 1 else "there is no rule for it")
    try:
        return broken(term, shocks[0], context.shocks[shocks[0]], context.given)
    except Untold as why:
        raise context.refuse(term, str(why)) from None


def _expect_power(term: Pow, context: Context) -> Expr:
    base, exponent = term.args
    if not (exponent.is_Integer and exponent > 0):
        raise context.refuse(term, "only powers with a positive whole exponent have a rule")
    if isinstance(base, Symbol):
        value = moment(context.shocks[base], int(exponent))
        if value is None:
            raise context.refuse(term, f"the law of {base} is stated without its moment of order {exponent}")
        return value
    opened = expand(term)
    if not isinstance(opened, Add | Mul):
        return _expect_broken(term, context)
    return expected(opened, context)


def _expect_exponential(term: exp, context: Context) -> Expr:
    exponent = term.args[0]
    for shock in context.random(exponent):
        law = context.shocks[shock]
        line = _affine(exponent, shock)
        if not isinstance(law, ir.Normal) or line is None or context.random(line[0]):
            raise context.refuse(term, "an exponential needs an exponent affine in normal shocks")
        exponent = line[1] + line[0] * law.mean + line[0] ** 2 * law.variance / 2
    return exp(exponent)


def _expect_kink(term: Expr, context: Context) -> Expr:
    """``E`` of a minimum, maximum or absolute value of expressions affine in one shock."""
    if isinstance(term, Abs):
        inner = term.args[0]
        return 2 * _expect_kink(Max(0, inner, evaluate=False), context) - expected(inner, context)
    sure = [part for part in term.args if not context.random(part)]
    risky = [part for part in term.args if context.random(part)]
    shocks = context.random(term)
    opened = _opened(term, context)
    if opened is not None:
        return expected(opened, context)
    if len(shocks) != 1 or len(risky) + bool(sure) != 2:
        raise context.refuse(term, "only two sides and a single shock have a rule")
    shock = shocks[0]
    lines = [line for line in (_affine(part, shock) for part in risky) if line is not None]
    if len(lines) < len(risky):
        raise context.refuse(term, f"its sides must be affine in {shock}")
    slope, level = lines[0]
    other = type(term)(*sure) if sure else risky[1]
    if not sure:
        slope, level = slope - lines[1][0], level - lines[1][1]
        cut = -level / slope
    else:
        cut = (other - level) / slope
    direction = sign(slope, context.given, prove)
    if direction is None:
        raise context.refuse(term, f"the sign of {slope}, the slope in {shock}, is not proved")
    law = context.shocks[shock]
    leftover = Overage(context.names[shock], cut)
    shortage = mean(law) - cut + leftover
    base = other if sure else expected(other, context)
    if isinstance(term, Max):
        return base + slope * (shortage if direction > 0 else -leftover)
    if direction > 0 and sure:
        return level + slope * (cut - leftover)
    return base - slope * (leftover if direction > 0 else -shortage)


def _opened(term: Min | Max, context: Context) -> Expr | None:
    """A kink inside a kink taken apart: with `s` and `u` sure, ``max(s, min(x, u)) = min(x, max(s, u)) + max(s - x, 0)``.

    And ``min(s, max(x, u)) = max(x, min(s, u)) - max(x - s, 0)``. None where there is no such kink.
    """
    kind: type[Expr] = type(term)
    sure = [part for part in term.args if not context.random(part)]
    risky = [part for part in term.args if context.random(part)]
    inner = _as_kink(risky[0], context) if sure and len(risky) == 1 else None
    if inner is None:
        return None
    outer = kind(*sure)
    if isinstance(inner, kind):
        return kind(outer, *inner.args)
    lines = [part for part in inner.args if context.random(part)]
    bounds = [part for part in inner.args if not context.random(part)]
    if len(lines) != 1 or not bounds:
        return None
    limit = _beyond(kind, outer, type(inner)(*bounds), context)
    if isinstance(term, Max):
        return Min(lines[0], limit) + Max(outer - lines[0], 0)
    return Max(lines[0], limit) - Max(lines[0] - outer, 0)


def _as_kink(part: Expr, context: Context) -> Expr | None:
    """A multiple of a kink, plus something sure, as one kink; None for anything else."""
    kinks = sorted((node for node in part.atoms(Min, Max) if context.random(node)), key=lambda node: -len(str(node)))
    if not kinks:
        return None
    shift = part.xreplace({kinks[0]: Integer(0)})
    factor = expand(part.xreplace({kinks[0]: Integer(1)}) - shift)
    if context.random(shift) or context.random(factor) or expand(part - factor * kinks[0] - shift) != 0:
        return None
    direction = sign(factor, context.given, prove)
    if direction is None:
        return None
    kind = type(kinks[0]) if direction > 0 else Max if isinstance(kinks[0], Min) else Min
    return kind(*(factor * side + shift for side in kinks[0].args))


def _beyond(kind: type[Expr], first: Expr, second: Expr, context: Context) -> Expr:
    """The greater (or the lesser) of two sure amounts: one of them where their order is proved."""
    for one, other in ((first, second), (second, first)):
        ahead = one >= other if kind is Max else one <= other
        if prove(ahead, context.given) is not None:
            return one
    return kind(first, second)
