"""Verifiers of steps about choices made through their response and about conditions on a quantity inside the support of a law."""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from sympy import Add, Expr, Integer, Symbol, oo

from derive import inverse, steps
from derive.certificates import Certificate
from derive.check.certificates import Rejected
from derive.check.context import Context, follows, proved, same
from derive.check.moments import cdf, described, overage
from derive.check.registry import interval, need, verifies
from derive.ir import GeneralDistribution
from derive.shocks import Cdf, Density, Overage


@verifies(inverse.FallingByLaw)
def _falling_by_law(step: inverse.FallingByLaw, context: Context) -> None:
    law = _law(step.law, context)
    z, low, high = step.variable, sympy.sympify(law.low), sympy.sympify(law.high)
    need(step.low == low and step.high == high, "not the ends of the support")
    nonnegative = low.is_nonnegative is True or follows(low >= 0, context.known)
    survival, sales = 1 - Cdf(step.law, z), z - Overage(step.law, z)
    rate = z * Density(step.law, z) / survival
    total = Add(*(t.coefficient * survival**t.survival * z**t.stock * sales**t.sales * rate**t.rate for t in step.terms))
    context.equal(total, step.core, "the sum of the terms")
    left = list(step.certificates)
    strict = False
    for term in step.terms:
        need(not term.coefficient.has(z), f"{z} is in a coefficient")
        moving = (term.survival, term.stock, term.sales, term.rate) != (0, 0, 0, 0)
        if not moving:
            continue
        need(nonnegative or not (term.stock or term.sales or term.rate), "the law reaches below 0")
        side = -_way(term, law.igfr and nonnegative)
        need(bool(left), "the sign of a coefficient is missing")
        certificate = left.pop(0)
        claim = certificate.claim if certificate is not None else sympy.true
        definite = getattr(claim, "rel_op", "") in ("<", ">", "")
        goal = _sided(term.coefficient, side, definite)
        proved(goal, certificate, context.known, "the sign of a coefficient")
        strict |= definite and (term.survival, term.stock, term.sales) != (0, 0, 0)
    need(strict, "no term falls")
    for stated, own in zip(step.limits, (_at_low(step, low, context), _at_high(step, law, context)), strict=True):
        if stated != own:
            need(not {stated, own} & {oo, -oo}, "the value at an end")
            context.equal(stated, own, "the value at an end")


@verifies(inverse.FallingCdfs)
def _falling_cdfs(step: inverse.FallingCdfs, context: Context) -> None:
    z, first = step.variable, step.terms[0]
    law = _law(first.law, context)
    ends = (sympy.sympify(law.low), sympy.sympify(law.high))
    need(first.argument == z and (step.low, step.high) == ends, "not the ends of the support")
    total = step.constant + Add(*(term.coefficient * Cdf(term.law, term.argument) for term in step.terms))
    context.equal(total, step.core, "the sum of the terms")
    need(not any(part.has(z) for part in (step.constant, *(t.coefficient for t in step.terms))), f"{z} is in a coefficient")
    claims = [first.coefficient < 0]
    for term in step.terms[1:]:
        claims += [term.coefficient <= 0, term.argument.diff(z) > 0]
    need(len(claims) == len(step.certificates), "the sign of a coefficient is missing")
    for claim, certificate in zip(claims, step.certificates, strict=True):
        if claim != sympy.true:
            proved(claim, certificate, context.known, "the sign of a coefficient")
    for place, end in enumerate(ends):
        value = step.constant + place * first.coefficient
        for term in step.terms[1:]:
            value += term.coefficient * _cdf_at(term, z, end, _law(term.law, context))
        context.equal(step.limits[place], value, "the value at an end")


def _cdf_at(term: inverse.CdfTerm, z: Symbol, end: Expr, law: GeneralDistribution) -> Expr:
    slope, rest = sympy.factor(term.argument.diff(z)), term.argument.xreplace({z: Integer(0)})
    need(z not in slope.free_symbols, "an argument is not linear")
    place = end if end in (oo, -oo) else sympy.factor(slope * end + rest)
    for bound, value in ((law.low, 0), (law.high, 1)):
        if place == bound or (end not in (oo, -oo) and sympy.factor(place - bound) == 0):
            return Integer(value)
    return Cdf(term.law, place)


@verifies(inverse.RiseThenFall)
def _rise_then_fall(step: inverse.RiseThenFall, context: Context) -> None:
    law, z = _law(step.law, context), step.variable
    low = sympy.sympify(law.low)
    need(law.ifr, "the failure rate is not known not to fall")
    need(low.is_finite is not False, "expected sales have no lower end")
    need(step.low == low and step.high == sympy.sympify(law.high), "not the ends of the support")
    need(not any(part.has(z) for part in (step.base, step.rate, step.constant)), f"{z} is in a coefficient")
    sales = z - Overage(step.law, z)
    context.equal((1 - Cdf(step.law, z)) * (step.base + step.rate * sales) - step.constant, step.core, "the product")
    context.equal(step.limits[0], step.base + step.rate * low - step.constant, "the value at an end")
    context.equal(step.limits[1], -step.constant, "the value at an end")
    need(len(step.certificates) == 3, "the sign of a coefficient is missing")
    for claim, certificate in zip((step.rate > 0, step.constant > 0, step.limits[0] >= 0), step.certificates, strict=True):
        if claim != sympy.true:
            proved(claim, certificate, context.known, "the sign of a coefficient")


def _law(name: str, context: Context) -> GeneralDistribution:
    shocks = context.statement.shocks if context.statement is not None else ()
    laws = [law for shock in shocks if (law := described(shock)).cdf == name]
    need(len(laws) == 1, f"no law {name}")
    return laws[0]


def _sided(coefficient: Expr, side: int, definite: bool) -> sympy.logic.boolalg.Boolean:
    if side > 0:
        return coefficient > 0 if definite else coefficient >= 0
    return coefficient < 0 if definite else coefficient <= 0


def _way(term: inverse.LawTerm, igfr: bool) -> int:
    """Whether the product rises (+1) or falls, at least weakly: its logarithmic slope, times ``z``, is ``-a g + c + d e`` and more of
    its sign where ``g**rate`` rises, too. Its sign on ``g >= 0``, ``0 < e <= 1`` (under IGFR also ``e + g >= 1``) is that at the corners
    and along the ray on which ``g`` grows."""
    corners = ((0, 1), (1, 0)) if igfr else ((0, 0), (1, 0))
    slopes = [-term.survival * g + term.stock + term.sales * e for e, g in corners] + [-term.survival]
    need(term.rate == 0 or (igfr and term.rate > 0), "the failure rate is not known to rise")
    if all(slope >= 0 for slope in slopes):
        return 1
    need(term.rate == 0 and all(slope <= 0 for slope in slopes), "a term may rise and fall")
    return -1


def _at_low(step: inverse.FallingByLaw, low: Expr, context: Context) -> Expr:
    found: Expr = Integer(0)
    for term in step.terms:
        power = term.stock + term.sales
        if term.rate:
            need(low == 0 and power >= 0, "the failure rate at the lower end is not known")
        elif power == 0:
            found += term.coefficient
        elif low == 0:
            found += context.sign(term.coefficient) * oo if power < 0 else Integer(0)
        else:
            need(power > 0 or follows(low > 0, context.known), "a term may be unbounded at the lower end")
            found += term.coefficient * low**power
    need(found is not sympy.nan, "terms without bound at the lower end")
    return found


def _at_high(step: inverse.FallingByLaw, law: GeneralDistribution, context: Context) -> Expr:
    high, mean = sympy.sympify(law.high), sympy.sympify(law.mean)
    found: Expr = Integer(0)
    open_ = False
    for term in step.terms:
        if term.survival > 0:
            continue
        if term.survival < 0 or (term.rate and (high != oo or term.stock > 0)) or (high == oo and term.stock > 0):
            sure = context.sampled_sign(term.coefficient) == -1
            found, open_ = found - oo if sure else found, open_ or not sure
        elif term.rate:
            open_ = True
        elif high != oo:
            found += term.coefficient * high**term.stock * mean**term.sales
        elif term.stock == 0:
            found += term.coefficient * mean**term.sales
    need(found == -oo or not open_, "the value at the upper end is not known")
    return found


@verifies(inverse.ByResponse)
def _by_response(step: inverse.ByResponse, context: Context) -> None:
    cleared = step.factor * step.equation
    need(step.choice not in step.lead.free_symbols | step.value.free_symbols, f"{step.choice} is in its own value")
    context.equal(cleared.diff(step.choice), step.lead, f"the coefficient of {step.choice}")
    if not (step.lead.is_positive or step.lead.is_negative):
        claim = step.certificate.claim if step.certificate is not None else sympy.true
        side = 1 if getattr(claim, "rel_op", "") == ">" else -1
        proved(step.lead > 0 if side > 0 else step.lead < 0, step.certificate, context.known, "the coefficient is not zero")
    context.equal(
        step.equation.xreplace({step.choice: step.value}), Integer(0), f"the response where {step.choice} is so chosen"
    )
    context.equal(step.before.xreplace({step.choice: step.value}), step.after, f"the objective in {step.response}")
    need(
        any(_identical(step.equation, core, context) for core in _cores(step.response, context)),
        "no response has this condition",
    )


def _cores(response: Symbol, context: Context) -> Iterator[Expr]:
    """The conditions, shown before, whose only root is the response; those of named laws in closed form as well."""
    by_law = (inverse.FallingByLaw, inverse.FallingCdfs, inverse.RiseThenFall)
    falling = any(isinstance(one, by_law) and one.variable == response for one in context.earlier)
    kinds = (steps.SinglePeak, steps.Crossing, *((steps.Marginal,) if falling else ()))
    for one in context.earlier:
        by_root = isinstance(one, steps.ImplicitRoot) and one.symbol == response
        if by_root or (isinstance(one, kinds) and one.variable == response):
            core: Expr = one.core  # type: ignore[attr-defined]
            yield core
            yield _closed(core, context)


def _closed(expr: Expr, context: Context) -> Expr:
    shocks = context.statement.shocks if context.statement is not None else ()
    laws = {f"F_{one.symbol}": one.distribution for one in shocks if not isinstance(one.distribution, GeneralDistribution)}
    values: dict[Expr, Expr] = {}
    for node in sorted(expr.atoms(Cdf, Density, Overage), key=str):
        if node.law in laws:
            point = Symbol("_point", real=True)
            form = overage(laws[node.law], point) if isinstance(node, Overage) else cdf(laws[node.law], point)
            form = form.diff(point) if isinstance(node, Density) else form
            values[node] = form.xreplace({point: node.argument})
    return expr.xreplace(values)


def _identical(left: Expr, right: Expr, context: Context) -> bool:
    try:
        context.equal(left, right, "")
    except Rejected:
        return False
    return True


@verifies(inverse.Bend)
def _bend(step: inverse.Bend, context: Context) -> None:
    context.equal(step.core.diff(step.variable, 2), step.curvature, "the curvature of the core")
    concave = _known_sign(step.curvature, step.certificate, context) < 0
    bound = step.variable - step.end if concave else step.end - step.variable
    need(step.variable not in step.end.free_symbols, "the end moves")
    need(follows(bound >= 0, context.known) or follows(bound > 0, context.known), f"{step.end} is no bound of {step.variable}")
    context.equal(step.core.xreplace({step.variable: step.end}), step.at_end, "the core at the end")
    if step.at_end.is_Rational:
        need(step.at_end >= 0 if concave else step.at_end <= 0, "the sign at the end")
    else:
        proved(step.at_end >= 0 if concave else step.at_end <= 0, step.end_certificate, context.known, "the sign at the end")
    interval(step.variable, context)


@verifies(inverse.FewPeaks)
def _few_peaks(step: inverse.FewPeaks, context: Context) -> None:
    need(step.order in (1, 2), "the order of the derivative")
    context.equal(step.core.diff(step.variable, step.order), step.derivative, "the derivative of the core")
    side = _known_sign(step.derivative, step.certificate, context)
    if step.order == 1:
        need(side > 0 and step.root is None, "a core that falls has a peak")
    else:
        need(step.root is not None, "the root at which the core falls is missing")
        context.equal(step.core.xreplace({step.variable: step.root}), Integer(0), "the root")
        slope, zero = step.core.diff(step.variable), {step.variable: Integer(0)}
        need(step.variable not in step.derivative.free_symbols, "the core is not quadratic")
        discriminant = slope.xreplace(zero) ** 2 - 2 * step.derivative * step.core.xreplace(zero)
        falls = -sympy.sqrt(discriminant)
        context.equal(slope.xreplace({step.variable: step.root}), falls, "the core rises through that root")
    interval(step.variable, context)


def _known_sign(expr: Expr, certificate: Certificate | None, context: Context) -> int:
    """The sign of an expression that is a number or has a certificate."""
    if expr.is_Rational:
        need(expr != 0, "no sign")
        return 1 if expr > 0 else -1
    side = 1 if getattr(getattr(certificate, "claim", None), "rel_op", "") == ">" else -1
    proved(expr > 0 if side > 0 else expr < 0, certificate, context.known, "the sign of a derivative")
    return side


@verifies(inverse.TurnedBound)
def _turned_bound(step: inverse.TurnedBound, context: Context) -> None:
    x = step.variable
    context.equal(step.slack, step.positive * step.core, "the slack as a positive factor times the core")
    proved(step.positive > 0, step.positivity, context.known, "the factor split off")
    context.equal(step.core.diff(x), step.slope, "the slope of the core")
    side = -1 if step.upper else 1
    need(_known_sign(step.slope, step.certificate, context) == side, "the slope has another sign")
    need(x not in step.bound.free_symbols, "the bound depends on the choice")
    context.equal(step.core.xreplace({x: step.bound}), Integer(0), "the bound")
    need(step.core.is_rational_function(x), "the core may end before the bound")
    if x in step.slope.free_symbols:  # it might rise beyond what is known of the choice, and the bound be another of its roots
        _one_root(step, context)
    interval(x, context)


def _one_root(step: inverse.TurnedBound, context: Context) -> None:
    """The core, a quadratic, moves at the bound the way it does wherever the choice may be: so it does in between; or at all points
    looked at the core has the same sign as the distance to the bound."""
    x, side = step.variable, -1 if step.upper else 1
    try:
        if same(step.slope.diff(x, 2), Integer(0)) and context.sampled_sign(step.slope.xreplace({x: step.bound})) == side:
            return
        sign = context.sampled_sign(step.core * (x - step.bound) * side)
    except TypeError as reason:
        raise Rejected(f"the bound {step.bound} is not real everywhere") from reason
    need(sign == 1, f"the slack has another sign than the distance to {step.bound}")
