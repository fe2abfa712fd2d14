"""Steps about payoffs with cases: the cases, suprema that no choice reaches, replies and where they do not meet."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derive import cases as kinds
from derive.render import Tex
from derive.views.latex.breaking import BUDGET
from derive.views.latex.certificates import reasons
from derive.views.latex.contradictions import decisive, refuted
from derive.views.latex.steps import step_view
from derive.views.latex.width import width
from derive.views.latex.words import math, numeral, relation_texts, words_list
from derive.views.latex.writer import Writer

_BESIDE = 5.0  # for the equals sign, the word if and the space between the columns


@dataclass(frozen=True)
class CaseLine:
    """One value of a payoff, and the regions in which it has it."""

    value: Tex
    regions: tuple[Tex, ...]


@dataclass(frozen=True)
class Cased:
    """A payoff case by case."""

    symbol: Tex
    left: Tex
    number: str
    cases: tuple[CaseLine, ...]
    stacked: bool
    compared: bool


@step_view.register
def _(step: kinds.Branching, writer: Writer) -> Cased:
    symbol, _ = writer.objective(step.objective)
    for value in dict.fromkeys(value for _, value in step.cases if not value.is_number):
        if not writer.is_named(value):
            writer.introduce(value, symbol)
    alike: dict[Expr, list[Tex]] = {}
    for region, value in step.cases:
        texts = relation_texts((writer.plain(relation) for relation in region), writer.shape)
        alike.setdefault(value, []).append(Tex(r",\ ".join(texts)))
    lines = [CaseLine(Tex(writer.shape.inline(writer.form(value))), tuple(regions)) for value, regions in alike.items()]
    across = width(symbol) + max(width(line.value) for line in lines)
    across += max(width(region) for line in lines for region in line.regions)
    return Cased(math(symbol), Tex(symbol), numeral(len(lines)), tuple(lines), across > BUDGET - _BESIDE, step.compared)


@dataclass(frozen=True)
class OneCurve:
    """A payoff in pieces that is concave in one choice throughout."""

    variable: Tex


@step_view.register
def _(step: kinds.ConcaveAcross, writer: Writer) -> OneCurve:
    return OneCurve(math(writer.shape.tex(step.variable)))


@dataclass(frozen=True)
class Unreached:
    """A supremum that is not attained."""

    limits: Tex
    supremum: Tex
    others: Tex
    reason: Tex


@step_view.register
def _(step: kinds.NotAttained, writer: Writer) -> Unreached:
    others = dict.fromkeys(value for _, value in step.others)
    return Unreached(
        words_list(
            [Tex(rf"${writer.shape.inline(symbol)} \to {writer.shape.inline(value)}$") for symbol, value in step.limits], "and"
        ),
        writer.math(writer.form(step.supremum)),
        words_list([writer.math(writer.form(value)) for value in others], "or"),
        Tex(" ".join(reasons(step.certificates, writer))),
    )


@dataclass(frozen=True)
class ReplyLine:
    """One piece of the best replies."""

    choice: Tex
    region: Tex


@dataclass(frozen=True)
class Correspondence:
    """All best replies of one player."""

    variable: Tex
    replies: tuple[ReplyLine, ...]


@step_view.register
def _(step: kinds.BestReplies, writer: Writer) -> Correspondence:
    name = writer.shape.tex(step.variable)
    lines = []
    for region, choice, among in step.replies:
        told = writer.relations(writer.news(region)) if writer.news(region) else Tex("")
        if choice is not None:
            shown = math(f"{name} = {writer.shape.inline(writer.form(choice))}")
        else:
            shown = Tex(f"every {math(name)} with {writer.relations(among)}")
        lines.append(ReplyLine(shown, told))
    return Correspondence(math(name), tuple(lines))


@dataclass(frozen=True)
class Clash:
    """Replies that are nowhere best to one another."""

    replies: Tex
    conditions: Tex
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.NotMutual, writer: Writer) -> Clash:
    conditions = [one for one in writer.news(step.conditions) if one not in step.replies]
    writer.suppose((*step.conditions, *step.replies))
    conditions = decisive(conditions, step.certificate, writer)
    variant = writer.count("NotMutual")
    leads = ("this requires", "then")
    return Clash(
        words_list([math(writer.shape.inline(reply)) for reply in step.replies]),
        writer.condition(conditions, leads[variant % 2], ".") if conditions else Tex(""),
        refuted(conditions, step.certificate, writer, step.replies),
        variant,
    )
