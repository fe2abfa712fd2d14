"""Views of the steps of repeated games, and the stage game in words; importing this module registers the views."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Mul, fraction

from derive.render import Tex, escape_latex
from derive.repeated import steps as kinds
from derive.repeated.ir import Play, RepeatedGame
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import reason
from derive.views.latex.evident import is_solved
from derive.views.latex.steps import step_view
from derive.views.latex.words import math, words_list
from derive.views.latex.writer import Writer, normal_form

__all__ = ["stage_paragraphs"]

_ROWS_OF_TABLE = 24


def stage_paragraphs(game: RepeatedGame, writer: Writer) -> tuple[Tex, ...]:
    """Who plays the stage game, with which actions, and a table of the payoffs."""
    stage = game.stage
    names = words_list([escape_latex(name) for name in stage.players])
    if stage.number is None:
        first = f"The stage game is played by {names}. The payoffs, in this order, are"
    else:
        count = writer.math(stage.number)
        first = f"The stage game is played by {count} identical players. What one earns, by its own action and that of all others, is"
    lines = []
    for profile, row in stage.payoffs:
        actions = words_list([rf"\emph{{{escape_latex(action)}}}" for action in profile])
        lines.append(f"{actions} & {', '.join(writer.math(payoff) for payoff in row)}" + r" \\")
    body = "\n".join(lines)
    table = f"\\begin{{center}}\n\\begin{{tabular}}{{ll}}\n\\toprule\nactions & payoffs \\\\\n\\midrule\n{body}\n\\bottomrule\n"
    return (Tex(f"{first}\n{table}\\end{{tabular}}\n\\end{{center}}"), *_discounting(game, writer))


def _discounting(game: RepeatedGame, writer: Writer) -> tuple[Tex, ...]:
    if game.discount is None or not any(isinstance(one, Play) for one in game.protocols):
        return ()
    return (Tex(f"Where the game is played for ever, payoffs are discounted by the factor {writer.math(game.discount)}."),)


def _player(name: str) -> Tex:
    """A player in running text; a bare number is said to be one."""
    return Tex(f"player {name}" if name.isdigit() else escape_latex(name))


def _word(text: str) -> Tex:
    return Tex(rf"\emph{{{escape_latex(text)}}}")


def _words(parts: Iterable[str]) -> Tex:
    return Tex(", ".join(_word(part) for part in parts))


@dataclass(frozen=True)
class Comparison:
    """Two ways to play and the difference of what they earn; `factored` when a positive `factor` was split off, which is not told
    where it is one over the denominator."""

    player: Tex
    first: Tex
    second: Tex
    display: Display
    factored: bool
    factor: Tex
    verdict: str
    reason: Tex
    variant: int


def _compared(
    step: kinds.OneShotDeviation | kinds.ReplyComparison | kinds.PlanComparison, first: Tex, second: Tex, writer: Writer
) -> Comparison:
    settled = bool(step.core.is_number)
    factored = not settled and step.positive != 1
    product = Mul(step.positive, step.core, evaluate=False) if factored else step.positive * step.core
    verdict = ("positive" if step.core > 0 else "negative" if step.core < 0 else "zero") if settled else ""
    return Comparison(
        _player(step.player),
        first,
        second,
        writer.display("", product, relation="", label=writer.label(step), as_given=factored),
        factored,
        Tex("") if fraction(step.positive)[0] == 1 else writer.math(step.positive),
        verdict,
        reason(step.certificate, writer),
        writer.count(type(step).__name__),
    )


@step_view.register
def _(step: kinds.OneShotDeviation, writer: Writer) -> Comparison:
    return _compared(step, _words(step.state), _word(step.action), writer)


@step_view.register
def _(step: kinds.ReplyComparison, writer: Writer) -> Comparison:
    first = _words(step.prefix)
    return _compared(step, first, _words(step.cycle), writer)


@step_view.register
def _(step: kinds.PlanComparison, writer: Writer) -> Comparison:
    return _compared(step, _words(step.plan), _words(step.alternative), writer)


@dataclass(frozen=True)
class Dominant:
    """An action, the one it dominates, and the gains with the rivals' actions."""

    player: Tex
    action: Tex
    other: Tex
    gains: Tex


@step_view.register
def _(step: kinds.DominantAction, writer: Writer) -> Dominant:
    gains = [
        math(f"{writer.shape.inline(gain)} > 0") + (f" against {words_list([_word(one) for one in rivals])}" if rivals else "")
        for rivals, gain in step.gains
    ]
    return Dominant(_player(step.player), _word(step.action), _word(step.other), words_list(gains))


@dataclass(frozen=True)
class Values:
    """Discounted payoffs by joint state."""

    player: Tex
    rows: Display
    variant: int


@step_view.register
def _(step: kinds.DiscountedValues, writer: Writer) -> Values:
    rows = []
    for state, value in zip(step.states, step.values, strict=True):
        inside = r",\ ".join(rf"\text{{{escape_latex(one)}}}" for one in state)
        rows.append(Row(f"V({inside})", (value,)))
    shown = writer.setter.rows(rows, label=writer.label(step), shape=writer.shape)
    return Values(_player(step.player), shown, writer.count("DiscountedValues"))


@dataclass(frozen=True)
class Threshold:
    """A condition, how it moves with its variable, and what it comes to."""

    condition: Tex
    variable: Tex
    slope: Tex
    falls: bool
    solved: bool
    relation: Display
    reason: Tex


@step_view.register
def _(step: kinds.LinearThreshold, writer: Writer) -> Threshold:
    return Threshold(
        writer.relation(step.condition),
        writer.math(step.variable),
        writer.math(writer.form(step.slope)),
        bool(step.slope.is_negative) if step.certificate is None else step.certificate.claim.rel_op[0] == "<",
        normal_form(step.condition) == normal_form(step.relation),
        writer.claim(step.relation, writer.label(step), as_given=is_solved(step.relation)),
        reason(step.certificate, writer),
    )


@dataclass(frozen=True)
class Root:
    """A polynomial whose coefficients change sign once."""

    root: Tex
    variable: Tex
    equation: Display
    at_one: Tex
    rises: bool


@step_view.register
def _(step: kinds.SignChangeRoot, writer: Writer) -> Root:
    return Root(
        writer.math(step.root),
        writer.math(step.variable),
        writer.display("0", step.core, label=writer.label(step)),
        writer.math(step.at_one),
        step.sign > 0,
    )


@dataclass(frozen=True)
class Chain:
    """Conditions and the cases that they make."""

    conditions: Tex
    number: int


@step_view.register
def _(step: kinds.CaseChain, writer: Writer) -> Chain:
    return Chain(writer.relations(step.conditions), len(step.conditions))


@dataclass(frozen=True)
class Update:
    """A belief before and after."""

    prior: Tex
    mimics: Tex
    posterior: Tex


@step_view.register
def _(step: kinds.BayesUpdate, writer: Writer) -> Update:
    return Update(writer.math(step.prior), writer.math(step.mimics), writer.math(step.posterior))


@dataclass(frozen=True)
class Table:
    """The rows of an equilibrium, in tables that fit a page."""

    parts: tuple[tuple[tuple[Tex, ...], ...], ...]
    cooperative: Tex


@step_view.register
def _(step: kinds.Assessment, writer: Writer) -> Table:
    rows = []
    for number, row in enumerate(step.rows):
        then = ", ".join("end" if one < 0 else str(one) for one in row.then)
        cells = (row.belief, row.informed, row.uninformed, row.value_informed, row.value_uninformed)
        rows.append((Tex(str(number)), Tex(str(row.left)), _word(row.state), *(writer.math(cell) for cell in cells), Tex(then)))
    parts = tuple(tuple(rows[start : start + _ROWS_OF_TABLE]) for start in range(0, len(rows), _ROWS_OF_TABLE))
    return Table(parts, writer.math(step.cooperative))


@dataclass(frozen=True)
class Floor:
    """The least that a cautious strategy earns."""

    player: Tex
    stages: Tex
    belief: Tex
    floor: Display


@step_view.register
def _(step: kinds.PayoffFloor, writer: Writer) -> Floor:
    return Floor(
        _player(step.player),
        writer.math(step.stages),
        writer.math(step.belief),
        writer.display("", step.floor, relation="", label=writer.label(step), as_given=True),
    )


@dataclass(frozen=True)
class Bound:
    """The bound: its kind, the abbreviations and the formula in them."""

    automaton: str
    sides: int
    parts: Display
    total: Tex


_TOTALS = {
    ("trigger", 1): "M + 1",
    ("trigger", 2): "M",
    ("reciprocal", 1): r"M + \frac{(1 - q)(M - b) + 2a - 1}{\rho}",
    ("reciprocal", 2): r"\frac{(1 - q)(M - b) + 2(1 - b) + q(a - 1)}{(1 - q)\rho}",
}


@step_view.register
def _(step: kinds.NoncooperationBound, writer: Writer) -> Bound:
    rows = [Row(symbol.name, (value,)) for symbol, value in step.parts if symbol.name in ("a", "b")]
    return Bound(
        step.automaton,
        step.sides,
        writer.setter.rows(rows, shape=writer.shape),
        Tex(_TOTALS[step.automaton, step.sides]),
    )


@dataclass(frozen=True)
class Shares:
    """Revised shares."""

    equal: Tex
    rows: Display


@step_view.register
def _(step: kinds.RevisedShares, writer: Writer) -> Shares:
    writer.called.update((value, symbol) for symbol, value in step.shares)
    return Shares(writer.math(step.equal), writer.equations(step.shares, label=writer.label(step)))


@dataclass(frozen=True)
class Mixed:
    """How both players mix, and what that earns them."""

    mixtures: tuple[Tex, ...]
    earned: Tex


@step_view.register
def _(step: kinds.SupportEquilibrium, writer: Writer) -> Mixed:
    mixtures = tuple(words_list([writer.math(weight) for weight in row]) for row in step.probabilities)
    earned = words_list([writer.math(value) for value in step.payoffs])
    return Mixed(mixtures, earned)
