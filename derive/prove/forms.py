"""Sums ``sum(P_i(x) * log|F_i(x)|) + P_0(x)`` of logarithms with rational functions as coefficients, and their signs by balls."""

from __future__ import annotations

import flint
from flint import arb, arb_poly, fmpq, fmpq_poly

Ratio = tuple[fmpq_poly, fmpq_poly]
Form = dict[tuple[fmpq, ...], Ratio]  # coefficients of F -> coefficient of log|F|; the empty key stands for the rest
ONE, NIL = fmpq_poly([1]), fmpq_poly([0])


def times(left: Ratio, right: Ratio) -> Ratio:
    """The product, reduced."""
    return _reduced(left[0] * right[0], left[1] * right[1])


def add(left: Ratio, right: Ratio) -> Ratio:
    """The sum, reduced."""
    return _reduced(left[0] * right[1] + right[0] * left[1], left[1] * right[1])


def _reduced(top: fmpq_poly, bottom: fmpq_poly) -> Ratio:
    if not top:
        return NIL, ONE
    common = top.gcd(bottom)
    return top / common, bottom / common


def plus(left: Form, right: Form, turn: int = 1) -> Form:
    """``left + turn * right``."""
    total = dict(left)
    for key, value in right.items():
        own = (turn * value[0], value[1])
        total[key] = add(total[key], own) if key in total else own
    return {key: value for key, value in total.items() if value[0]}


def scaled(form: Form, factor: Ratio) -> Form:
    """Every coefficient times `factor`."""
    return {key: times(value, factor) for key, value in form.items()}


def derivative(form: Form) -> Form:
    """The derivative of a form with polynomial coefficients."""
    total: Form = {}
    for key, (top, _) in form.items():
        total = plus(total, {key: (top.derivative(), ONE)})
        if key:
            base = fmpq_poly(list(key))
            total = plus(total, {(): _reduced(top * base.derivative(), base)})
    return total


def vanishes(form: Form, value: fmpq) -> bool:
    """Whether the form is zero at a rational point, exactly."""
    table: dict[object, fmpq] = {}
    for key, (top, _) in form.items():
        weight = top(value)
        if weight == 0:
            continue
        if not key:
            table[None] = table.get(None, fmpq(0)) + weight
            continue
        argument = fmpq_poly(list(key))(value)
        if argument == 0:
            return False
        for number, way in ((argument.p, 1), (argument.q, -1)):
            for prime, power in flint.fmpz(abs(int(number))).factor():
                table[int(prime)] = table.get(int(prime), fmpq(0)) + weight * int(power) * way
    return not any(v != 0 for v in table.values())


def enclosed_sign(form: Form, low: fmpq, high: fmpq) -> int:
    """The sign of a form with polynomial coefficients on ``[low, high]`` seen from its enclosure; 0 where none is seen."""
    x = span(low, high)
    total, up, down = arb(0), False, False
    for key, (top, _) in form.items():
        if not key:
            total += over(top, x)
            continue
        base = fmpq_poly(list(key))
        ends = sorted((abs(base(low)), abs(base(high))))
        if base.degree() == 1 and ends[0] == 0:
            quotient, rest = divmod(top, base)
            if not rest:
                if ends[1] > fmpq(1, 4):
                    return 0
                least = arb(ends[1]) * arb(ends[1]).log() if ends[1] else arb(0)
                turn = 1 if base(low) + base(high) > 0 else -1
                total += over(quotient, x) * turn * arb.union(least, arb(0))
                continue
            weight = over(top, x)
            if ends[1] >= 1 or not (weight > 0 or weight < 0):
                return 0
            up, down = up or weight < 0, down or weight > 0
            total += weight * arb(ends[1]).log() if ends[1] else 0
            continue
        size = over(base, x) if base.degree() != 1 else span(*ends)
        if not (size > 0 or size < 0) or (base.degree() == 1 and base(low) * base(high) < 0):
            return 0
        total += over(top, x) * abs(size).log()
    if up and down:
        return 0
    if low == high and (up or down):
        return 1 if up else -1
    if total > 0 and not down:
        return 1
    return -1 if total < 0 and not up else 0


def over(polynomial: fmpq_poly, x: arb) -> arb:
    """An enclosure of the values of a polynomial over a ball."""
    return arb_poly(polynomial)(x)


def span(low: fmpq, high: fmpq) -> arb:
    """The ball of an interval."""
    return arb((low + high) / 2, (high - low) / 2) if low != high else arb(low)
