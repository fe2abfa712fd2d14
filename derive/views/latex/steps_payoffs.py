"""Steps that rewrite payoffs: expectations, joint objectives, anticipated responses, transfers."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Min, Symbol

from derive import steps as kinds
from derive.ir import GeneralDistribution
from derive.render import Tex
from derive.views.latex.breaking import NOTHING, Display, Row
from derive.views.latex.certificates import reason
from derive.views.latex.steps import step_view
from derive.views.latex.width import width
from derive.views.latex.words import equalities, law_text, math, numeral, words_list
from derive.views.latex.writer import Writer, alone

_SHORT_LIST = 18.0
_LITTLE = 1.25  # as long


@dataclass(frozen=True)
class Payoff:
    """A payoff rewritten: its symbol, the income it comes from, what is used, and the result."""

    symbol: Tex
    before: Display
    using: Tex
    after: Display
    variant: int
    extra: Tex = NOTHING
    mean: Display | None = None
    variance: Display | None = None
    closing: bool = False
    risk: Tex = NOTHING
    shocks: Tex = NOTHING
    moved: Tex = NOTHING


def _laws(laws: tuple[tuple[Symbol, object], ...], writer: Writer) -> Tex:
    """The laws in words; nothing for those that the model's section has described."""
    texts = [law_text(symbol, law, writer.shape) for symbol, law in laws]
    return words_list([text for text in texts if text not in writer.described])


def _shocks(laws: tuple[tuple[Symbol, object], ...], writer: Writer) -> Tex:
    return words_list([math(writer.shape.tex(symbol)) for symbol, _ in laws])


@step_view.register
def _(step: kinds.Expectation, writer: Writer) -> Payoff:
    symbol = writer.shape.tex(step.payoff)
    shown = writer.display(symbol, step.result, label=writer.label(step))
    writer.introduce(step.result, symbol)
    general = any(isinstance(law, GeneralDistribution) for _, law in step.laws)
    minimum = step.objective.has(Min)
    return Payoff(
        math(symbol),
        writer.display("", step.objective, relation=""),
        _laws(step.laws, writer),
        shown,
        writer.count("Expectation"),
        Tex("general" if general and minimum else "minimum" if minimum else ""),
        shocks=_shocks(step.laws, writer),
    )


@step_view.register
def _(step: kinds.CertaintyEquivalent, writer: Writer) -> Payoff:
    symbol = writer.shape.tex(step.payoff)
    rho = writer.shape.tex(step.risk_aversion)
    mean, variance = writer.fresh("m", "M"), writer.fresh("v", "V", "n")
    shown = writer.display(symbol, step.result, label=writer.label(step))
    writer.introduce(step.result, symbol)
    return Payoff(
        math(symbol),
        writer.display("", step.objective, relation=""),
        _laws(step.laws, writer),
        shown,
        writer.count("CertaintyEquivalent"),
        Tex(rf"{mean} - {rho} {variance} / 2"),
        writer.display(mean, step.mean),
        writer.display(variance, step.variance),
        risk=Tex(rho),
    )


@step_view.register
def _(step: kinds.JointObjective, writer: Writer) -> Payoff:
    symbol = " + ".join(writer.shape.tex(payoff) for payoff, _ in step.members)
    writer.introduce(step.result, symbol if len(step.members) == 1 else f"({symbol})")
    return Payoff(
        math(symbol),
        writer.equations(step.members),
        equalities(step.eliminated, writer.shape),
        writer.display(symbol, _total(step, writer), label=writer.label(step), as_given=True),
        writer.count("JointObjective"),
    )


def _total(step: kinds.JointObjective, writer: Writer) -> Expr:
    """The sum of the payoffs as they stand, where nothing is inserted in it and little cancels; else as it was brought together."""
    brought = writer.form(step.result)
    standing = Add(*(objective for _, objective in step.members))
    wide, short = (width(writer.shape.tex(one)) for one in (standing, brought))
    return standing if not step.eliminated and wide <= _LITTLE * short else brought


def _replacing(
    step: kinds.Anticipation | kinds.Concentration, symbol: str, before: Expr, after: Expr, writer: Writer
) -> Payoff:
    changed = tuple((left, right) for left, right in step.replace if left != right and before.has(left))
    writer.introduce(after, symbol)
    if not writer.closing and changed not in writer.responses:
        writer.responses.append(changed)
    return Payoff(
        math(symbol),
        writer.equations(changed) if changed else Display(()),
        _short_equalities(changed, writer),
        writer.display(alone(symbol), *_through(before, after, writer), after, label=writer.label(step)),
        writer.count(f"{type(step).__name__}{writer.closing}"),
        closing=writer.closing,
        moved=_moved(changed, before, writer),
    )


def _through(before: Expr, after: Expr, writer: Writer) -> tuple[Expr, ...]:
    """The payoff as it was, beside a number that it becomes at the responses, so that it is seen why; nothing beside a formula."""
    short = after.is_number and not before.is_number and width(writer.shape.tex(writer.form(before))) < _SHORT_LIST
    return (before,) if short else ()


def _moved(changed: tuple[tuple[Symbol, Expr], ...], before: Expr, writer: Writer) -> Tex:
    """Which variable takes the place of which in ``x = y + new``, where x is only measured from elsewhere; else nothing."""
    if len(changed) != 1:
        return Tex("")
    known = {*before.free_symbols, *writer.choices}
    new = [s for s in changed[0][1].free_symbols - known if s.name not in writer.shape.names.table and changed[0][1].diff(s) == 1]
    moved = len(new) == 1 and _short_equalities(changed, writer)
    return Tex(f"{writer.math(new[0])} in place of {writer.math(changed[0][0])}") if moved else Tex("")


def _short_equalities(pairs: tuple[tuple[Symbol, Expr], ...], writer: Writer) -> Tex:
    """Equations in the running text; nothing where one of them is too long for that."""
    short = all(width(writer.shape.inline(value)) < _SHORT_LIST for _, value in pairs)
    return equalities(pairs, writer.shape) if short else Tex("")


@step_view.register
def _(step: kinds.Anticipation, writer: Writer) -> Payoff:
    return _replacing(step, writer.shape.tex(step.payoff), step.before, step.after, writer)


@dataclass(frozen=True)
class Exchange:
    """A choice replaced by a quantity that determines it, and the objective in that quantity."""

    old: Tex
    new: Tex
    definition: Tex
    slope: Tex
    display: Display


@step_view.register
def _(step: kinds.NewVariable, writer: Writer) -> Exchange:
    symbol = _name(step.objective, writer)
    writer.introduce(step.after, symbol)
    return Exchange(
        writer.math(step.old),
        writer.math(step.new),
        equalities(((step.new, step.meaning),), writer.shape),
        writer.math(step.slope),
        writer.display(alone(symbol), step.after, label=writer.label(step)),
    )


def _name(objective: Expr, writer: Writer) -> str:
    return writer.objective(objective)[0]


@step_view.register
def _(step: kinds.Concentration, writer: Writer) -> Payoff:
    return _replacing(step, _name(step.before, writer), step.before, step.after, writer)


@dataclass(frozen=True)
class Separated:
    """An objective that is a sum of independent parts."""

    symbol: Tex
    introduced: Display | None
    blocks: tuple[Tex, ...]
    number: str


@step_view.register
def _(step: kinds.Separation, writer: Writer) -> Separated:
    symbol, introduced = writer.objective(step.objective)
    blocks = tuple(words_list([math(writer.shape.tex(one)) for one in block]) for block in step.blocks)
    alone = all(len(block) == 1 for block in step.blocks)
    return Separated(math(symbol), introduced, (words_list(blocks),) if alone else blocks, numeral(len(blocks)))


@dataclass(frozen=True)
class Binding:
    """A transfer or a multiplier: the constraint, the multiplier's value, why it is positive, what follows."""

    variable: Tex
    introduced: Display | None
    constraint: Display
    value: Tex
    display: Display
    reason: Tex
    symbol: Tex = NOTHING
    reduced: Display | None = None
    variant: int = 0
    bound: Tex = NOTHING
    responses: Tex = NOTHING
    again: bool = False


@step_view.register
def _(step: kinds.Transfer, writer: Writer) -> Binding:
    symbol, introduced = writer.objective(step.objective)
    name = writer.shape.tex(step.transfer)
    bound = writer.recognised(step.constraint)
    writer.introduce(step.reduced, symbol)
    return Binding(
        math(name),
        introduced,
        Display((bound.relation,)) if bound else writer.claim(step.constraint >= 0),
        writer.math(step.value),
        writer.display(name, step.solved, label=writer.label(step)),
        reason(step.certificate, writer) if not step.value.is_number else Tex(""),
        math(symbol),
        writer.display(symbol, step.reduced),
        bound=math(bound.relation) if bound else NOTHING,
        responses=_short_equalities(bound.responses, writer) if bound else NOTHING,
        again=writer.again((kinds.Transfer, step.transfer, step.value)),
    )


@step_view.register
def _(step: kinds.Multiplier, writer: Writer) -> Binding:
    name = writer.shape.tex(step.multiplier)
    return Binding(
        math(name),
        None,
        writer.display("0", step.constraint),
        writer.math(step.value),
        writer.display(name, step.value, label=writer.label(step), tail=" > 0"),
        reason(step.certificate, writer),
        variant=writer.count("Multiplier"),
    )


@dataclass(frozen=True)
class Started:
    """The game against the outside option."""

    who: Tex
    inside: Tex
    outside: Tex
    display: Display
    reason: Tex
    verdict: Tex


@step_view.register
def _(step: kinds.OutsideOption, writer: Writer) -> Started:
    gap = Add(step.inside, -step.outside)
    shown = Display(())
    if step.outside != 0:
        tail = r" \geq 0" if step.starts else " < 0"
        row = Row("", (writer.form(gap),), "")
        shown = writer.setter.rows([row], label=writer.label(step), shape=writer.shape, tail=tail)
    return Started(
        math("+".join(writer.shape.tex(payoff) for payoff in step.payoffs)),
        writer.math(step.inside),
        writer.math(step.outside),
        shown,
        reason(step.certificate, writer),
        Tex("started" if step.starts else "not started"),
    )
