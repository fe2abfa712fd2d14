"""Steps about coalition games as flat views: strings, displays and tuples of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Add, Expr, Function, Mul, Not, Or, Rational, Symbol, expand, false
from sympy.logic.boolalg import Boolean

from derive.coalition import steps as kinds
from derive.coalition.steps import Coalition
from derive.render import Tex, escape_latex
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason
from derive.views.latex.shape import RELATIONS
from derive.views.latex.steps import step_view
from derive.views.latex.width import width
from derive.views.latex.words import math, numeral, words_list
from derive.views.latex.writer import Writer, normal_form

__all__: list[str] = []

_INLINE = 26.0
# Of games with more coalitions than this only single players and the grand coalition are printed.
_PRINTED = 127
_NONE = Tex("")
_TO = r":\quad"


@dataclass(frozen=True)
class Rows:
    """A list of formulas with what surrounds it: a player, a symbol, a sentence on how kinks were resolved.

    With `least` not all rows are printed: the least of many slacks alone, a sum without its terms.
    """

    display: Display
    variant: int
    player: Tex = _NONE
    symbol: Tex = _NONE
    extra: Tex = _NONE
    least: bool = False
    cost: bool = False
    left_out: str = ""


@dataclass(frozen=True)
class Combined:
    """A relation with the sum of nonnegative terms that proves it."""

    relation: Tex
    display: Display
    single: bool
    variant: int
    since: Tex
    shown: bool


@dataclass(frozen=True)
class Chain:
    """Levels of the nucleolus, each with the coalitions that settle it, and the allocation."""

    levels: tuple[Level, ...]
    display: Display
    order: Tex
    rational: bool
    cost: bool


@dataclass(frozen=True)
class Level:
    """One level: the coalitions with their weights, and the excess they force."""

    weights: Tex
    floors: Tex
    excess: Tex
    display: Display | None


@dataclass(frozen=True)
class Regions:
    """Regions of the parameters, each as a condition."""

    regions: tuple[Tex, ...]
    number: str
    denial: bool


def members(coalition: Coalition) -> str:
    """A coalition as LaTeX mathematics."""
    if not coalition:
        return r"\varnothing"
    return r"\{" + ", ".join(rf"\text{{\upshape {escape_latex(name)}}}" for name in coalition) + r"\}"


def worth(coalition: Coalition, cost: bool) -> str:
    """The worth (cost) of a coalition as LaTeX mathematics."""
    return rf"{'c' if cost else 'v'}({members(coalition)})"


def difference(plus: list[str], minus: list[str], cost: bool) -> str:
    """What is gained: worths with plus less worths with minus; for costs the other way round."""
    first, second = (minus, plus) if cost else (plus, minus)
    return " + ".join(first) + "".join(f" - {one}" for one in second)


def table(writer: Writer, rows: Iterable[tuple[str, Expr, str]], relation: str = "=") -> Display:
    """Rows ``left = value`` with what stands behind them."""
    found = [Row(left, (writer.form(value),), relation, tail) for left, value, tail in rows]
    return writer.setter.rows(found, shape=writer.shape)


def shares(writer: Writer, pairs: Iterable[tuple[Expr, Expr]]) -> Display:
    """Shares as rows."""
    return writer.equations(tuple(pairs))


def number(writer: Writer, value: Expr) -> str:
    """A number as LaTeX mathematics."""
    return str(writer.shape.tex(value))


@step_view.register
def _(step: kinds.CharacteristicFunction, writer: Writer) -> Rows:
    resolved = dict.fromkeys((choice.kink, choice.value) for choice in step.choices)
    short = [math(rf"{writer.shape.inline(kink)} = {writer.shape.inline(value)}") for kink, value in resolved]
    many = len(step.worths) > _PRINTED
    listed = [row for row in step.worths if not many or len(row[0]) in (1, len(step.worths[-1][0]))]
    return Rows(
        table(writer, ((worth(group, step.cost), value, "") for group, value in listed)),
        writer.count("CharacteristicFunction"),
        cost=step.cost,
        extra=words_list(short),
        left_out=str(len(step.worths) - len(listed)) if many else "",
    )


@step_view.register
def _(step: kinds.MarginalContributions, writer: Writer) -> Rows:
    rows = ((members(group), value, rf"\quad \left[{number(writer, weight)}\right]") for group, weight, value in step.rows)
    return Rows(table(writer, rows, _TO), writer.count("MarginalContributions"), Tex(escape_latex(step.player)))


@step_view.register(kinds.ShapleyValue)
@step_view.register(kinds.BanzhafValue)
def _(step: kinds.ShapleyValue | kinds.BanzhafValue, writer: Writer) -> Rows:
    symbol = writer.shape.tex(step.share)
    return Rows(
        writer.display(symbol, step.value, label=writer.label(step)),
        writer.count(type(step).__name__),
        Tex(escape_latex(step.player)),
        math(symbol),
        least=len(step.uses) < 2,
    )


@step_view.register
def _(step: kinds.Efficiency, writer: Writer) -> Rows:
    left = " + ".join(writer.shape.tex(symbol) for symbol, _ in step.shares)
    return Rows(writer.display(left, step.total), writer.count("Efficiency"))


@step_view.register(kinds.Superadditivity)
@step_view.register(kinds.Convexity)
def _(step: kinds.Superadditivity | kinds.Convexity, writer: Writer) -> Rows:
    v = "c" if step.cost else "v"
    apart = [rf"{v}(S)", rf"{v}(T)"]
    together = [rf"{v}(S \cup T)", *([] if isinstance(step, kinds.Superadditivity) else [rf"{v}(S \cap T)"])]
    gain = math(difference(together, apart, step.cost))
    rows = ((f"{members(one)}, {members(two)}", value, "") for one, two, value in step.rows)
    return Rows(table(writer, rows, _TO), writer.count(type(step).__name__), extra=gain, least=step.least, cost=step.cost)


@step_view.register
def _(step: kinds.CoreMembership, writer: Writer) -> Rows:
    names = step.shares
    order = {name: symbol for name, (symbol, _) in zip(_players(step), names, strict=True)} if not step.least else {}

    def left(group: Coalition) -> str:
        received: list[str] = [rf"x({members(group)})"] if not order else [str(writer.shape.tex(order[name])) for name in group]
        return difference(received, [worth(group, step.cost)], step.cost)

    rows = ((left(group), value, "") for group, value in step.rows)
    return Rows(table(writer, rows), writer.count("CoreMembership"), least=step.least, cost=step.cost)


def _players(step: kinds.CoreMembership) -> tuple[str, ...]:
    """The players in the order of the shares: singletons come first in the list of coalitions."""
    return tuple(group[0] for group, _ in step.rows if len(group) == 1)


@step_view.register
def _(step: kinds.Balancedness, writer: Writer) -> Rows:
    def left(groups: tuple[Coalition, ...], weights: tuple[Rational, ...]) -> str:
        pairs = zip(groups, weights, strict=True)
        return ", ".join(("" if weight == 1 else number(writer, weight) + r"\,") + members(group) for group, weight in pairs)

    rows = tuple((left(groups, weights), value, "") for groups, weights, value in step.rows)
    shown = rows if len(rows) <= 6 else rows[-6:]
    extra = Tex("") if len(rows) <= 6 else Tex(str(len(rows)))
    v = "c" if step.cost else "v"
    gain = math(difference([f"{v}(N)"], [rf"\textstyle\sum_S w_S {v}(S)"], step.cost))
    return Rows(table(writer, shown, _TO), writer.count("Balancedness"), extra=extra, symbol=gain, cost=step.cost)


@step_view.register
def _(step: kinds.CoreElement, writer: Writer) -> Rows:
    text = words_list([math(number(writer, value)) for value in step.point])
    return Rows(Display(()), writer.count("CoreElement"), extra=text, cost=step.cost)


@step_view.register
def _(step: kinds.EmptyCore, writer: Writer) -> Rows:
    text = words_list([_weighted(group, weight, writer) for group, weight in zip(step.coalitions, step.weights, strict=True)])
    return Rows(Display(()), writer.count("EmptyCore"), extra=text, symbol=math(number(writer, step.excess)), cost=step.cost)


@step_view.register
def _(step: kinds.WeightedRevision, writer: Writer) -> Rows:
    everyone = Symbol("all players", real=True)
    total = Function("worth", real=True)(everyone)
    equal = Rational(1, len(step.weights))
    before = {symbol.name: writer.shape.tex(symbol).removesuffix("'") for symbol, _ in step.shares}
    unprimed = replace(writer.shape, names=writer.shape.names.extended({**before, "worth": "v", everyone.name: "N"}))
    rows = [
        Row(f"{before[symbol.name]}'", (Add(symbol, Mul(weight - equal, total, evaluate=False), evaluate=False),))
        for (symbol, _), weight in zip(step.shares, step.weights, strict=True)
    ]
    weights = ", ".join(str(writer.shape.inline(weight)) for weight in step.weights)
    return Rows(
        writer.setter.rows(rows, shape=unprimed),
        writer.count("WeightedRevision"),
        symbol=math(weights),
        extra=writer.relations(step.domain),
    )


def _weighted(group: Coalition, weight: Rational, writer: Writer) -> Tex:
    return Tex(f"{math(members(group))} ({math(number(writer, weight))})")


@step_view.register
def _(step: kinds.NucleolusChain, writer: Writer) -> Chain:
    levels = []
    for level in step.levels:
        excess = writer.shape.inline(level.excess)
        short = width(excess) <= _INLINE
        levels.append(
            Level(
                words_list([_weighted(group, weight, writer) for group, weight in level.weights]),
                words_list([math(members(group)) for group, _ in level.floors]),
                math(excess) if short else Tex(""),
                None if short else writer.display("", level.excess, relation=""),
            )
        )
    order = Tex("which holds there" if step.proofs else "as the numbers show")
    return Chain(tuple(levels), shares(writer, step.shares), order, step.individually_rational, step.cost)


@step_view.register
def _(step: kinds.LinearCombination, writer: Writer) -> Combined:
    terms = [
        Mul(factor, _slack(premise), evaluate=False) for premise, factor in zip(step.premises, step.multipliers, strict=True)
    ]
    parts = [term for term in (*terms, step.constant) if term != 0]
    total = Add(*parts, evaluate=False) if parts else step.constant
    slack = _slack(step.relation)
    left = writer.shape.tex(slack)
    evident = writer.shape.tex(expand(total)) == left or not parts
    return Combined(
        writer.relation(step.relation),
        writer.display(left, total, as_given=True),
        len(step.premises) == 1 and step.constant == 0 and step.premises[0] == step.relation,
        writer.count("LinearCombination"),
        writer.relations(step.premises) if all(_slack(one).is_Symbol for one in step.premises) and evident else Tex(""),
        bool(step.uses),
    )


def _slack(relation: object) -> Expr:
    return relation.gts - relation.lts if relation.rel_op != "==" else relation.lhs - relation.rhs  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Compared:
    """A relation between named quantities, what it amounts to in terms of what they stand for, and why that holds."""

    relation: Tex
    display: Display | None
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.Comparison, writer: Writer) -> Compared:
    claim = step.certificate.claim
    left, mark = writer.shape.tex(claim.lhs), RELATIONS[claim.rel_op]
    display = writer.display(left, claim.rhs, relation=mark) if step.scale != 1 else None
    return Compared(writer.relation(step.relation), display, reason(step.certificate, writer), writer.count("Comparison"))


@step_view.register
def _(step: kinds.Partition, writer: Writer) -> Regions:
    told = tuple(writer.relations(region) for region in step.regions)
    return Regions(told, numeral(len(step.regions)), len(step.regions) == 2 and _is_denial(*step.regions))


def _is_denial(first: tuple[Boolean, ...], second: tuple[Boolean, ...]) -> bool:
    """Whether the second region is where not all relations of the first hold, relation by relation."""
    members = second[0].args if len(second) == 1 and isinstance(second[0], Or) else second
    if len(members) != len(first) or (len(first) > 1 and members is second):
        return False
    return {normal_form(Not(one)) for one in first} == set(map(normal_form, members))


# --- any number of players who are alike ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SizeView:
    """The worth by size."""

    size: Tex
    count: Tex
    display: Display
    cost: bool


@step_view.register
def _(step: kinds.SizeWorth, writer: Writer) -> SizeView:
    left = f"{'c' if step.cost else 'v'}({writer.shape.tex(step.size)})"
    display = writer.display(left, step.worth)
    return SizeView(writer.math(step.size), writer.math(step.count), display, step.cost)


@dataclass(frozen=True)
class EqualView:
    """Equal shares, and why they are acceptable to each player alone."""

    concept: str
    display: Display
    reason: Tex
    cost: bool


@step_view.register
def _(step: kinds.EqualShares, writer: Writer) -> EqualView:
    why = reason(step.certificate, writer) if step.certificate is not None else _NONE
    return EqualView(step.concept, writer.display(writer.shape.tex(step.share), step.value), why, step.cost)


@dataclass(frozen=True)
class CriterionView:
    """What decides, its factors, its trend, and the conditions that are left."""

    concept: str
    judged: str
    trend: str
    size: Tex
    low: Tex
    high: Tex
    expression: Display
    core: Display | None
    positivity: Tex
    reason: Tex
    conditions: Tex
    fails: bool
    cost: bool


@step_view.register
def _(step: kinds.SizeCriterion, writer: Writer) -> CriterionView:
    plain = step.core.is_Rational or (step.positive == 1 and step.core == step.expression)
    fails = false in step.conditions
    return CriterionView(
        step.concept,
        step.judged.name,
        step.trend.name,
        writer.math(step.size),
        writer.math(step.low),
        writer.math(step.high),
        writer.display("", step.expression, relation=""),
        None if plain else writer.display("", Mul(step.positive, step.core, evaluate=False), relation="", as_given=True),
        writer.math(step.positive) if step.positive != 1 else _NONE,
        reason(step.certificate, writer) if step.certificate is not None else _NONE,
        writer.relations(step.conditions) if step.conditions and not fails else _NONE,
        fails,
        step.cost,
    )
