"""Comparative statics and the order of the protocols as corollaries: tables of signs, and the derivatives that prove them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.audit.assertions import steepness
from derive.audit.conditions import Condition
from derive.audit.explore import Effect, Exploration, Order, Sign, Signed, Table
from derive.certificates import Certificate, Factors
from derive.decision.regions import Region
from derive.render import Tex, escape_latex, render_macro
from derive.solution import Implicit, Solution
from derive.views.latex.breaking import Display, Row
from derive.views.latex.certificates import certificate_text
from derive.views.latex.evident import facts_of, is_short, is_single_sign, is_solved
from derive.views.latex.repeats import told_once
from derive.views.latex.results import Result
from derive.views.latex.sample import seen_under
from derive.views.latex.shifted import visibly_signed
from derive.views.latex.statics_roots import slopes_of_roots
from derive.views.latex.width import width
from derive.views.latex.words import math, prose, relation_texts, roman, words_list
from derive.views.latex.writer import Writer, normal_form, sharpest

__all__ = ["compared", "responses", "superscripts"]

_MACROS = ("statics.tex.j2",)
_CELLS = {
    Sign.POSITIVE: "+",
    Sign.NEGATIVE: "-",
    Sign.ZERO: "0",
    Sign.NOT_NEGATIVE: r"\oplus",
    Sign.NOT_POSITIVE: r"\ominus",
    Sign.DEPENDS: r"\pm",
    Sign.UNSETTLED: r"\cdot",
}
_LEGEND = {
    Sign.POSITIVE: "strictly increasing",
    Sign.NEGATIVE: "strictly decreasing",
    Sign.ZERO: "independent",
    Sign.NOT_NEGATIVE: "nondecreasing",
    Sign.NOT_POSITIVE: "nonincreasing",
    Sign.DEPENDS: "increasing for some parameters, decreasing for others",
    Sign.UNSETTLED: "not settled",
}
_MARKS = {
    Sign.POSITIVE: ">",
    Sign.NEGATIVE: "<",
    Sign.ZERO: "=",
    Sign.NOT_NEGATIVE: r"\geq",
    Sign.NOT_POSITIVE: r"\leq",
    Sign.DEPENDS: r"\gtrless",
    Sign.UNSETTLED: r"\cdot",
}
_MOST_LINES = 24
_MOST_WIDE_LINES = 10
_SHORT_ROW = 22.0
_FEW_ROWS = 6
_HALF_LINE = 15.5
_MOST_IN_APPENDIX = 36
_INDEED = "Indeed, "
_CERTIFICATES = r"\texttt{certificates.json}"
_WIDEST = 40.0
_MOST_REASONS = 4
_MOST_CONDITIONS_IN_LINE = 2
_MOST_COMBINATIONS = 6
_MOST_NAMES = 3


@dataclass(frozen=True)
class Signs:
    """A table of signs: the head of each column, the rows with their own head first, and what the signs mean."""

    columns: tuple[Tex, ...]
    rows: tuple[tuple[Tex, ...], ...]
    legend: Tex
    layout: Tex


@dataclass(frozen=True)
class _Line:
    """``names = expression`` with its sign, of a proof."""

    names: tuple[str, ...]
    found: Signed


# --- comparative statics -----------------------------------------------------------------------------------------------------


def responses(solution: Solution, found: Exploration, writer: Writer) -> tuple[Result, ...]:
    """One corollary per regime of a solution."""
    tables = [t for t in found.tables if (t.protocol, t.instance) == (solution.protocol, solution.instance)]
    implicit = {(regime.name, item.symbol): item for regime in solution.regimes for item in regime.implicit}
    alike = len(tables) > 1 and len({(table.parameters, table.quantities, table.effects) for table in tables}) == 1
    told = [table for table in tables[: 1 if alike else None] if _tells_something(table)]
    leads = ["In every regime" if alike else _lead(table, len(tables) > 1, solution, writer) for table in told]
    results = [_corollary(table, lead, implicit, writer) for table, lead in zip(told, leads, strict=True)]
    return told_once(results, leads, "the values respond to the parameters as in {}")


def _tells_something(table: Table) -> bool:
    """Whether it settles more than that some values do not depend on some parameters."""
    return any(effect.slope.sign not in (Sign.ZERO, Sign.UNSETTLED) for effect in table.effects)


def _lead(table: Table, several: bool, solution: Solution, writer: Writer) -> str:
    """Where the signs of a table hold; what a division of worths responds to is no matter of an equilibrium."""
    where = writer.news(table.region) or table.region
    if several and where:
        return _when(where, writer)
    return "In equilibrium" if any(one.kind == "theorem" for one in solution.argument) else ""


def _corollary(table: Table, lead: str, implicit: Mapping[tuple[str, Symbol], Implicit], writer: Writer) -> Result:
    label = _label(writer)
    writer.begin()
    columns = tuple(math(writer.shape.tex(symbol)) for symbol in table.parameters)
    rows = tuple(
        (math(writer.shape.tex(q)), *(math(_CELLS[table.at(q, p).sign]) for p in table.parameters)) for q in table.quantities
    )
    used = [sign for sign in Sign if any(effect.slope.sign is sign for effect in table.effects)]
    legend = words_list([f"{math(_CELLS[sign])} {_LEGEND[sign]}" for sign in used])
    statement = f"{lead} the values" if lead else "The values"
    statement += f" respond to the parameters as follows ({legend}).\n"
    statement += render_macro(_MACROS, "signs", Signs(columns, rows, legend, Tex("l" + "c" * len(columns))))
    statement += _varying(table, writer)
    lines = [_Line((_slope_tex(effect, writer),), effect.slope) for effect in table.effects if effect.slope.certificates]
    unknown = {steepness(symbol): item for (name, symbol), item in implicit.items() if name == table.regime}
    plain = [line for line in lines if not line.found.expression.free_symbols & set(unknown)]
    used_ones = {s for line in lines for s in line.found.expression.free_symbols if s in unknown}
    moved = sorted((unknown[symbol] for symbol in used_ones), key=lambda item: item.symbol.name)
    varies = any(effect.slope.sign is Sign.DEPENDS for effect in table.effects)
    there = writer if varies else writer.using(seen_under(writer.shape, table.region))
    steps = _argument(plain, "derivatives", label, table.region, there) + slopes_of_roots(moved, table, bool(plain), writer)
    return Result("corollary", Tex("Comparative statics"), label, Tex(statement), steps)


def _label(writer: Writer) -> str:
    return f"res:{writer.prefix}{writer.count('result') + 1}"


def _slope_tex(effect: Effect, writer: Writer) -> str:
    return rf"\frac{{\partial {writer.shape.tex(effect.quantity)}}}{{\partial {writer.shape.tex(effect.parameter)}}}"


def _varying(table: Table, writer: Writer) -> str:
    """Where the signs that vary are positive: responses with the same condition in one sentence, several sentences as a list."""
    alike: dict[Condition, dict[Symbol, list[Symbol]]] = {}
    for effect in table.effects:
        if effect.slope.condition is not None:
            alike.setdefault(effect.slope.condition, {}).setdefault(effect.parameter, []).append(effect.quantity)
    told = [Tex(f"{_rising(moved, writer)} exactly where {_where(condition, writer)}.") for condition, moved in alike.items()]
    return render_macro(_MACROS, "conditions", tuple(told)) if len(told) > _MOST_CONDITIONS_IN_LINE else "\n".join(told)


def _rising(moved: Mapping[Symbol, Sequence[Symbol]], writer: Writer) -> str:
    """Which quantities rise with which parameters."""

    def names(symbols: Sequence[Symbol]) -> Tex:
        return words_list([math(writer.shape.tex(symbol)) for symbol in symbols])

    together: dict[tuple[Symbol, ...], list[Symbol]] = {}
    for parameter, quantities in moved.items():
        together.setdefault(tuple(quantities), []).append(parameter)
    *parts, last = (
        f"{names(quantities)} {'rises' if len(quantities) == 1 else 'rise'} with {names(parameters)}"
        for quantities, parameters in together.items()
    )
    return f"{', '.join(parts)}, and {last}," if parts else last


def _where(condition: Sequence[Sequence[Boolean]], writer: Writer) -> str:
    return ", or ".join(str(_part(part, writer)) for part in condition)


def _part(relations: Sequence[Boolean], writer: Writer) -> Tex:
    """Relations of which those that bound a symbol stay solved for it."""
    told = sharpest(relation if is_solved(relation) else writer.plain(relation) for relation in relations)
    return words_list([math(text) for text in relation_texts(told, writer.shape)])


# --- the argument ------------------------------------------------------------------------------------------------------------


def _argument(lines: Sequence[_Line], what: str, label: str, region: Region, writer: Writer) -> tuple[Tex, ...]:
    """The expressions with their signs, and why they have them; many or wide ones in the appendix."""
    joined = _joined(lines)
    rows = ((line, _row(line, region, writer)) for line in joined if not _exceeds(line, writer))
    kept = list(islice((shown for shown in rows if _fits(shown[1], writer)), _MOST_IN_APPENDIX))
    if not joined:
        return ()
    if not kept:
        return (Tex(f"The {what} are too long to be printed; their signs are proved by certificates in {_CERTIFICATES}."),)
    display = _set_out([row for _, row in kept], writer)
    short = all(width(row.left) + width(writer.shape.tex(row.rights[0])) < _SHORT_ROW for _, row in kept)
    if len(display.lines) > (_MOST_LINES if short else _MOST_WIDE_LINES):
        aside = writer.put_aside(Tex(rf"the {what} of \cref{{{label}}}"), display)
        text = f"The {what} are printed in \\cref{{{aside}}}."
    else:
        text = f"The {what} are{display.stop}"
    if len(kept) < len(joined):
        text += f" Those missing are too long to be printed; their signs are proved by certificates in {_CERTIFICATES}."
    reasons = _reasons([line.found for line, _ in kept], writer)
    return (Tex(f"{text.rstrip()}\n{reasons}".rstrip()),)


def _set_out(rows: Sequence[Row], writer: Writer) -> Display:
    """The rows below each other; many short ones in two columns."""
    told = [f"{row.left} &= {writer.shape.tex(row.rights[0])}{row.tail}" for row in rows]
    if len(rows) < _FEW_ROWS or any(width(text.replace("&", "")) > _HALF_LINE for text in told):
        return writer.setter.rows(rows, shape=writer.shape)
    lines = [", & ".join(told[place : place + 2]) for place in range(0, len(told), 2)]
    return Display((*(Tex(f"{line},") for line in lines[:-1]), Tex(lines[-1])))


def _joined(lines: Sequence[_Line]) -> list[_Line]:
    """Equal expressions share a line, a few of them."""
    found: dict[Expr, list[_Line]] = {}
    for line in lines:
        same = found.setdefault(line.found.expression, [])
        if same and len(same[-1].names) < _MOST_NAMES:
            same[-1] = _Line((*same[-1].names, *line.names), line.found)
        else:
            same.append(line)
    return [line for same in found.values() for line in same]


def _row(line: _Line, region: Region, writer: Writer) -> Row:
    """The expression with its sign, in a form that shows it where there is one that fits."""
    form = writer.form(line.found.expression)
    if line.found.sign is Sign.DEPENDS:
        return Row(_left(line), (form,))
    tail = f" {_MARKS[line.found.sign]} 0"
    row = Row(_left(line), (visibly_signed(form, writer.tidy, (*writer.tidy.told, *region)),), tail=tail)
    return row if _fits(row, writer) else Row(_left(line), (form,), tail=tail)


def _left(line: _Line) -> str:
    return " = ".join(line.names)


def _exceeds(line: _Line, writer: Writer) -> bool:
    """Whether the line is certain not to fit, so that its form need not be known."""
    return writer.exceeds(line.found.expression, _WIDEST - width(_left(line)))


def _fits(row: Row, writer: Writer) -> bool:
    return width(row.left) + width(writer.shape.tex(row.rights[0])) < _WIDEST


def _reasons(found: Iterable[Signed], writer: Writer) -> str:
    """The facts on which the evident signs rest, in one sentence, and an argument for each of the others."""
    facts: dict[Boolean, None] = {}
    arguments: dict[str, list[Boolean]] = {}
    argued: set[object] = set()
    settled = [one for one in found if one.sign is not Sign.DEPENDS]
    for certificate in (piece for one in settled for whole in one.certificates for piece in _pieces(whole)):
        if writer.evident(certificate.claim):
            continue
        if is_short(certificate) or writer.too_wide([certificate.claim]):
            facts.update(dict.fromkeys(fact for fact in facts_of(certificate) if not is_single_sign(fact)))
        elif normal_form(certificate.claim) not in argued:
            argued.add(normal_form(certificate.claim))
            arguments.setdefault(str(certificate_text(certificate, writer)), []).append(certificate.claim)
    arguments.pop("", None)
    text = f"The signs follow from {writer.facts(facts)}." if facts else ""
    more = " The remaining signs are proved in the same way." if len(arguments) > _MOST_REASONS else ""
    told = [_argued(claims, why, writer) for why, claims in list(arguments.items())[:_MOST_REASONS]]
    return " ".join([text, *told]).strip() + more


def _argued(claims: Sequence[Boolean], why: str, writer: Writer) -> str:
    """Relations with the argument that is the same for all of them."""
    named = writer.relations(claims)
    if why.startswith(_INDEED):
        return f"We have {named}, since {why.removeprefix(_INDEED)}"
    return f"As for {named}: {why[0].lower() + why[1:] if why[:2].isalpha() else why}"


def _pieces(certificate: Certificate) -> tuple[Certificate, ...]:
    """The signs of the factors where the sign is that of a product."""
    if isinstance(certificate, Factors) and certificate.factors:
        return tuple(piece for factor in certificate.factors if factor.sign is not None for piece in _pieces(factor.sign))
    return (certificate,)


# --- protocols compared ------------------------------------------------------------------------------------------------------


def superscripts(statement: object, writer: Writer) -> Tex:
    """What the superscripts of a comparison stand for."""
    titles = [(_name(one.key), prose(one.title, writer.shape)) for one in getattr(statement, "protocols", ())]
    if all(name.lower() == title.lower() for name, title in titles):
        return Tex("A superscript names the protocol.")
    named = [name if name.lower() == title.lower() else f"{name} ({title})" for name, title in titles]
    return Tex(f"A superscript names the protocol: {words_list(named)}.")


def compared(found: Exploration, solutions: Sequence[Solution], writer: Writer) -> tuple[Result, ...]:
    """One corollary per pair of protocols that have quantities in common."""
    results = []
    roots = {(one.protocol, regime.name): set(regime.implicit) for one in solutions if not one.instance for regime in one.regimes}
    for protocols, members in groupby(found.orders, key=lambda order: order.protocols):
        orders = list(members)
        combinations = list(dict.fromkeys(order.regimes for order in orders))
        if any(order.difference.sign is not Sign.UNSETTLED for order in orders) and len(combinations) <= _MOST_COMBINATIONS:
            common = [_common(orders, protocols, regimes, roots) for regimes in combinations]
            results.append(_pair(protocols, orders, dict(zip(combinations, common, strict=True)), writer))
    return tuple(results)


def _common(
    orders: Sequence[Order],
    protocols: tuple[str, str],
    regimes: tuple[str, str],
    roots: Mapping[tuple[str, str], set[Implicit]],
) -> list[Symbol]:
    """The roots that two regimes have in common and in terms of which their quantities are compared."""
    first, second = (roots.get(place, set()) for place in zip(protocols, regimes, strict=True))
    used = {s for order in orders if order.regimes == regimes for s in order.difference.expression.free_symbols}
    return sorted((item.symbol for item in first & second if item.symbol in used), key=lambda symbol: symbol.name)


def _pair(
    protocols: tuple[str, str],
    orders: Sequence[Order],
    combinations: Mapping[tuple[str, str], Sequence[Symbol]],
    writer: Writer,
) -> Result:
    label = _label(writer)
    writer.begin()
    first, second = (_name(key) for key in protocols)
    items = []
    steps: list[Tex] = []
    for number, (regimes, common) in enumerate(combinations.items()):
        here = [order for order in orders if order.regimes == regimes]
        region = writer.news(here[0].region)
        where = _when(region, writer) if region else "We have"
        items.append(Tex(f"{where} " + _ordering(here, protocols, writer)))
        lines = [_Line((_difference_tex(order, writer),), order.difference) for order in here if order.difference.certificates]
        what = f"differences in case {roman(number + 1)}" if len(combinations) > 1 else "differences"
        names = words_list([writer.math(symbol) for symbol in common])
        one = "it is the same number" if len(common) == 1 else "they are the same numbers"
        steps += [Tex(f"Under both {names} solve{'s' if len(common) == 1 else ''} the same equation, so that {one}.")] if names else []
        steps += _argument(lines, what, label, here[0].region, writer)
    title = Tex(rf"Comparison of {first} and {second}")
    statement = str(items[0]) if len(items) == 1 else render_macro(_MACROS, "cases", tuple(items))
    return Result("corollary", title, label, Tex(statement), tuple(steps))


def _when(region: Region, writer: Writer) -> str:
    """The case a sentence speaks of: in its line, or displayed with the sentence going on below."""
    case = str(writer.condition(region, "If", ",")).rstrip()
    return f"{case}\nthen" if writer.too_wide(region) else f"{case} then"


def _name(protocol: str) -> str:
    return escape_latex(protocol.replace("_", " "))


def _under(order: Order, protocol: str, writer: Writer) -> str:
    return rf"{{{writer.shape.tex(order.quantity)}}}^{{\textnormal{{{_name(protocol)}}}}}"


def _difference_tex(order: Order, writer: Writer) -> str:
    return f"{_under(order, order.protocols[0], writer)} - {_under(order, order.protocols[1], writer)}"


def _ordering(orders: Sequence[Order], protocols: tuple[str, str], writer: Writer) -> str:
    """Quantities that compare alike in one sentence each."""
    told = []
    for sign in (Sign.POSITIVE, Sign.NOT_NEGATIVE, Sign.NEGATIVE, Sign.NOT_POSITIVE, Sign.ZERO):
        alike = [order for order in orders if order.difference.sign is sign]
        if sign is Sign.ZERO and len(alike) > _MOST_NAMES:
            same = words_list([math(writer.shape.tex(order.quantity)) for order in alike])
            told.append(f"{same} are the same under both")
        elif alike:
            pairs = [f"{_under(o, protocols[0], writer)} {_MARKS[sign]} {_under(o, protocols[1], writer)}" for o in alike]
            told.append(str(words_list([str(math(pair)) for pair in pairs])))
    varying = [order for order in orders if order.difference.condition is not None]
    for order in varying:
        pair = f"{_under(order, protocols[0], writer)} > {_under(order, protocols[1], writer)}"
        told.append(f"{math(pair)} exactly where {_where(order.difference.condition or (), writer)}")
    unsettled = [
        math(writer.shape.tex(order.quantity))
        for order in orders
        if order.difference.sign in (Sign.UNSETTLED, Sign.DEPENDS) and order not in varying
    ]
    text = "; ".join(told)
    open_ones = f"{'; no' if text else 'no'} order of {words_list(unsettled)} is asserted" if unsettled else ""
    return f"{text}{open_ones}."
