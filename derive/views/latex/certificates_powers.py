"""Certificates about powers, logarithms and enclosures as arguments in words."""

from __future__ import annotations

from sympy import Ge, Gt, LambertW, Le, Lt, erf, log

from derive import certificates as kinds
from derive.render import Tex
from derive.views.latex.certificates import certificate_text, reason, reasons, telling
from derive.views.latex.evident import is_short
from derive.views.latex.words import math
from derive.views.latex.writer import Writer


@certificate_text.register
def _(certificate: kinds.Chain, writer: Writer) -> Tex:
    steps = [f"First, {writer.relation(link.claim)}. {reason(link, writer)}" for link in certificate.links[:1]]
    steps += [f"Next, {writer.relation(link.claim)}. {reason(link, writer)}" for link in certificate.links[1:]]
    return Tex(" ".join(step.strip() for step in steps))


@certificate_text.register
def _(certificate: kinds.PowerOrder, writer: Writer) -> Tex:
    power = writer.math(certificate.exponent)
    because = " ".join(reasons((certificate.order, certificate.direction), writer))
    return Tex(
        f"The bases satisfy {writer.relation(certificate.order.claim)} and the exponent {writer.relation(certificate.direction.claim)}; "
        f"both bases are positive, and a power with the exponent {power} is monotone in its base. {because}".strip()
    )


@certificate_text.register
def _(certificate: kinds.PowerTangent, writer: Writer) -> Tex:
    ranges = writer.relations([one.claim for one in certificate.range])
    because = " ".join(reasons((*certificate.positive, *certificate.range), writer))
    return Tex(
        f"This compares a power with its tangent at {writer.math(certificate.right)}: as a function of its positive base it is convex for "
        f"exponents outside $[0, 1]$ and concave for those inside, and here {ranges}. {because}".strip()
    )


@certificate_text.register
def _(certificate: kinds.KnownBound, writer: Writer) -> Tex:
    if not certificate.node.free_symbols and not isinstance(certificate.node, erf):
        return Tex(f"Numerically, {writer.math(certificate.node)} is {certificate.node.evalf(5)} to five digits.")
    premises = [one for one in (certificate.premise, certificate.apart) if one is not None]
    facts = dict.fromkeys(fact for one in premises if is_short(one) for fact in telling(one, writer))
    longer = [text for one in premises if not is_short(one) and (text := reason(one, writer))]
    because = " ".join([*([f"Here {writer.facts(facts)}."] if facts else []), *longer])
    return Tex(f"{_KNOWN[type(certificate.node), type(certificate.claim)]} {because}".strip())


_OF_LOGARITHM = r"This holds because $1 - 1/x \leq \ln x \leq x - 1$ for every $x > 0$."
_OF_LOGARITHM_STRICTLY = r"This holds because $1 - 1/x < \ln x < x - 1$ for every $x > 0$ but $x = 1$."
_OF_ERROR_FUNCTION = r"This holds because the error function rises from $-1$ to $1$."
_KNOWN = {
    (log, Lt): _OF_LOGARITHM_STRICTLY,
    (log, Gt): _OF_LOGARITHM_STRICTLY,
    (log, Le): _OF_LOGARITHM,
    (log, Ge): _OF_LOGARITHM,
    (LambertW, Gt): r"This holds because $W(x) \mathrm{e}^{W(x)} = x$ is positive for $x > 0$.",
    (LambertW, Le): r"This holds because $W$ is concave and the tangent at $x = \mathrm{e}$ is $(1 + x/\mathrm{e})/2$.",
    (LambertW, Ge): r"This holds because $2 - \mathrm{e}/x \leq \ln x = W(x) + \ln W(x) \leq 2 W(x) - 1$ for every $x > 0$.",
    (erf, Lt): _OF_ERROR_FUNCTION,
    (erf, Gt): _OF_ERROR_FUNCTION,
}


@certificate_text.register
def _(certificate: kinds.Enclosed, writer: Writer) -> Tex:
    span = math(
        f"{writer.shape.inline(certificate.low)} \\leq {writer.shape.tex(certificate.symbol)} \\leq {writer.shape.inline(certificate.high)}"
    )
    how = "logarithms of the two sides are compared" if certificate.compared else "the sign of every factor is found"
    return Tex(
        f"With the given numbers inserted, both sides depend on {writer.math(certificate.symbol)} alone. For {span} {how} by interval "
        "arithmetic with rigorous rounding, the interval being divided until every piece is settled."
    )


@certificate_text.register
def _(certificate: kinds.Switched, writer: Writer) -> Tex:
    parameter = writer.shape.tex(certificate.claim.args[1])
    up_to = math(f"{parameter} \\leq {writer.shape.inline(certificate.low)}")
    beyond = math(f"{parameter} \\geq {writer.shape.inline(certificate.high)}")
    return Tex(
        f"It is positive for {up_to}, negative for {beyond}, and between these "
        "bounds it has the sign of a strictly monotone quantity, so that it vanishes exactly once there; all three are shown by "
        "interval arithmetic with rigorous rounding."
    )
