"""Steps that say that regions leave nothing out and exclude one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import false
from sympy.logic.boolalg import Boolean

from derive import steps as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.certificates import reason
from derive.views.latex.contradictions import clash, is_denial
from derive.views.latex.steps import step_view
from derive.views.latex.words import numeral, roman, words_list
from derive.views.latex.writer import Writer

_MOST_LEMMAS = 6  # argued for one by one


@dataclass(frozen=True)
class Covered:
    """Regions that partition the parameters, and why."""

    regions: tuple[Tex, ...]
    number: str
    reasons: tuple[Tex, ...]
    variant: int


@step_view.register
def _(step: kinds.Coverage, writer: Writer) -> Covered:
    regions = tuple(writer.relations(region) for region in step.regions)
    return Covered(regions, numeral(len(regions)), _why_covered(step, writer), writer.count("Coverage"))


def partitioned(step: kinds.Coverage, others: bool, writer: Writer) -> Tex:
    """That the regimes stated exclude one another and, with cases left out where there are `others`, are all; with its reasons."""
    rest = ", with the cases left out below," if others else ""
    told = f"The conditions of the regimes exclude one another and{rest} leave no admissible parameters out."
    if step.shared:
        pairs = words_list([Tex(f"{roman(i + 1)} and {roman(j + 1)}") for i, j in (border.regions for border in step.shared)])
        told = (
            f"The conditions of the regimes{rest} leave no admissible parameters out and exclude one another, but that regimes "
            f"{pairs} share borders, on which they state the same values."
        )
    return Tex(" ".join((told, *_why_covered(step, writer))))


def _why_covered(step: kinds.Coverage, writer: Writer) -> tuple[Tex, ...]:
    """An argument for every overlap and for what is left that is refuted by more than a relation and its denial; many are counted."""
    telling = [one for one in step.certificates if one.claim != false or not is_denial(one)]
    if len(telling) > _MOST_LEMMAS:
        sizes = [sum(relation not in step.given for relation in one.given) for one in telling]
        off = " off a border that they share" if step.shared else ""
        return (
            Tex(
                f"Of the relations in these conditions and their denials, {len(telling)} sets of {numeral(min(sizes))} to "
                f"{numeral(max(sizes))} have no point in common, each by a certificate in \\texttt{{certificates.json}}; "
                f"every choice of signs outside all regimes, or inside two of them{off}, contains one of these sets."
            ),
        )
    arguments = []
    for certificate in telling:
        if certificate.claim != false:
            arguments.append(Tex(f"We have {writer.relation(certificate.claim)}. {reason(certificate, writer)}"))
        else:
            arguments.append(_why_apart(certificate, step.given, writer))
    return tuple(dict.fromkeys(arguments))


def _why_apart(certificate: Certificate, given: Sequence[Boolean], writer: Writer) -> Tex:
    """Why conditions cannot hold together that are not just contrary to one another."""
    told = clash(certificate, writer)
    if told != reason(certificate, writer):
        return told
    supposed = [relation for relation in certificate.given if relation not in given]
    return Tex(f"Suppose that {writer.relations(supposed)}. {told}") if supposed else told
