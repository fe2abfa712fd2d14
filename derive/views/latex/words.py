"""Relations, laws and lists as running text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import sympy
from sympy import Add, Eq, Expr, Mul, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.ir import Exponential, GeneralDistribution, Normal, PowerDistribution, Uniform
from derive.render import Tex, escape_latex
from derive.views.latex.compared import normal_form
from derive.views.latex.names import symbol_tex
from derive.views.latex.quoted import formulas
from derive.views.latex.shape import Shape

__all__ = ["conjunction", "equalities", "law_text", "math", "neat", "numeral", "prose", "relation_texts", "words_list"]

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def numeral(number: int) -> str:
    """Small numbers as words."""
    return _NUMERALS[number] if number < len(_NUMERALS) else str(number)


def roman(number: int) -> str:
    """The mark of that item in a list: ``(iv)``."""
    told = ""
    for value, letters in _ROMAN:
        told += letters * (number // value)
        number %= value
    return f"({told})"


def math(tex: str) -> Tex:
    """Inline mathematics."""
    return Tex(f"${tex}$")


def words_list(parts: Sequence[str], last: str = "and") -> Tex:
    """``a``, ``a and b``, ``a, b, and c``."""
    if len(parts) < 3:
        return Tex(f" {last} ".join(parts))
    return Tex(", ".join(parts[:-1]) + f", {last} {parts[-1]}")


def neat(relation: Boolean) -> Boolean:
    """``-b + gamma + 1 < 0`` as ``b > gamma + 1``: positive terms on either side, the longer name of the relation kept."""
    if not isinstance(relation, Relational):
        return relation
    left, right = relation.lhs, relation.rhs
    if right.is_zero and isinstance(left, Add):
        positive = [term for term in left.args if not term.could_extract_minus_sign()]
        negative = [-term for term in left.args if term.could_extract_minus_sign()]
        if not negative:
            return relation
        if not positive:
            return relation.reversedsign
        moved = relation.func(Add(*positive), Add(*negative), evaluate=False)
        return moved.reversed if isinstance(moved.rhs, Symbol) and not isinstance(moved.lhs, Symbol) else moved
    if right.is_zero and isinstance(left, Mul) and left.could_extract_minus_sign():
        return relation.func(-left, 0, evaluate=False) if relation.rel_op in ("==", "!=") else relation.reversedsign
    if left.is_number and not right.is_number:
        return neat(relation.reversed)
    return relation


def led_by(relation: Boolean, symbols: Collection[Symbol]) -> Boolean:
    """``a - c - t > 0`` as ``t < a - c``: solved for the only one of the symbols in it where that is a matter of moving terms."""
    if not isinstance(relation, Relational):
        return relation
    difference = summed(relation.lhs - relation.rhs)
    terms = [term.as_coeff_Mul() for term in Add.make_args(difference)]
    own = [(factor, symbol) for factor, symbol in terms if symbol in symbols]
    if len(own) > 1:
        own = [(factor, symbol) for factor, symbol in own if factor == 1]
    if len(own) != 1 or len(terms) == 1:
        return neat(relation)
    factor, symbol = own[0]
    rest = difference / factor - symbol
    if symbol in rest.free_symbols:
        return neat(relation)
    turned = relation.reversedsign if factor < 0 else relation
    return turned.func(symbol, -summed(rest), evaluate=False)


def summed(expr: Expr) -> Expr:
    """A number times a sum as a sum."""
    number, rest = expr.as_coeff_Mul()
    return Add(*(number * term for term in rest.args)) if isinstance(rest, Add) else expr


def relation_texts(relations: Iterable[Boolean], shape: Shape) -> tuple[Tex, ...]:
    """Each relation as LaTeX mathematics, with ``0 <= x`` and ``x <= 1`` drawn together as ``0 <= x <= 1``."""
    kept = _at_once(list(dict.fromkeys(neat(relation) for relation in relations if relation != True)))  # noqa: E712
    lower: dict[Expr, tuple[int, str, Expr]] = {}
    texts: dict[int, str] = {}
    for place, relation in enumerate(kept):
        texts[place] = shape.inline(relation)
        if not isinstance(relation, Relational) or relation.rel_op not in ("<", "<=", ">", ">="):
            continue
        small, large = (relation.lhs, relation.rhs) if relation.rel_op[0] == "<" else (relation.rhs, relation.lhs)
        mark = r"\leq" if "=" in relation.rel_op else "<"
        if isinstance(small, Symbol) and small in lower and lower[small][2] != large:
            start, first, floor = lower.pop(small)
            texts[start] = f"{shape.inline(floor)} {first} {shape.inline(small)} {mark} {shape.inline(large)}"
            del texts[place]
        elif isinstance(large, Symbol) and large not in lower:
            lower[large] = (place, mark, small)
    return tuple(Tex(text) for _, text in sorted(texts.items()))


def _at_once(relations: Sequence[Boolean]) -> list[Boolean]:
    """``a <= b`` and ``a >= b`` as ``a = b``."""
    weak = {normal_form(one): place for place, one in enumerate(relations) if isinstance(one, Relational) and one.rel_op in ("<=", ">=")}
    kept: dict[int, Boolean] = dict(enumerate(relations))
    for place in weak.values():
        one = relations[place]
        other = weak.get(normal_form(one.func(one.rhs, one.lhs, evaluate=False)))
        if other is not None and other > place:
            kept[place] = Eq(one.lhs, one.rhs, evaluate=False)
            del kept[other]
    return list(kept.values())


def conjunction(relations: Iterable[Boolean], shape: Shape) -> Tex:
    """The relations as running text joined by commas and ``and``."""
    return words_list([math(text) for text in relation_texts(relations, shape)])


def law_text(symbol: Symbol, law: object, shape: Shape) -> Tex:
    """What a shock's law is, in words."""
    name = math(shape.tex(symbol))
    match law:
        case Normal(mean=mean, variance=variance):
            what = f"normal with mean {math(shape.inline(mean))} and variance {math(shape.inline(variance))}"
        case Uniform(low=low, high=high):
            what = f"uniform on {math(f'[{shape.inline(low)}, {shape.inline(high)}]')}"
        case Exponential(mean=mean):
            what = f"exponential with mean {math(shape.inline(mean))}"
        case PowerDistribution(high=high, exponent=exponent):
            ratio = shape.inline(sympy.Symbol("x", real=True) / high)
            what = f"distributed on {math(f'[0, {shape.inline(high)}]')} with {math(f'F(x) = ({ratio})^{{{shape.inline(exponent)}}}')}"
        case GeneralDistribution():
            head = shape.names.tex(law.cdf)
            ends = f"[{shape.inline(law.low)}, {shape.inline(law.high)}{')' if law.high == sympy.oo else ']'}"
            rates = [name for known, name in ((law.ifr, "failure rate"), (law.igfr, "generalised failure rate")) if known]
            rate = f", whose {' and whose '.join(rates)} is nondecreasing" if rates else ""
            what = (
                f"distributed on {math(ends)} with differentiable distribution function {math(head)} and mean "
                f"{math(shape.inline(law.mean))}{rate}"
            )
        case _:
            what = "random"
    return Tex(f"{name} is {what}")


_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


def equalities(pairs: Iterable[tuple[Symbol, Expr]], shape: Shape) -> Tex:
    """``x = 1 and y = 2`` as running text."""
    return words_list([math(f"{shape.tex(symbol)} = {shape.inline(value)}") for symbol, value in pairs])


def prose(text: str, shape: Shape) -> Tex:
    """Plain text, escaped; a formula in it, or a declared symbol by a name that is no ordinary word, comes out as mathematics."""
    if isinstance(text, Tex):
        return text
    pieces, end = [], 0
    for start, stop, formula in formulas(text, shape):
        pieces += [_named(text[end:start], shape), math(formula)]
        end = stop
    return Tex("".join([*pieces, _named(text[end:], shape)]))


def _named(text: str, shape: Shape) -> str:
    pieces, end = [], 0
    for match in _WORD.finditer(text):
        word = match.group()
        greek = symbol_tex(word)
        if word not in shape.names.table and greek == f"\\{word}":
            pieces += [escape_latex(text[end : match.start()]), math(greek)]
            end = match.end()
        if word in shape.names.table and ("_" in word or shape.names.table[word].startswith("\\")) and "\\mathit" not in word:
            pieces += [escape_latex(text[end : match.start()]), math(shape.names.tex(word))]
            end = match.end()
    return "".join([*pieces, escape_latex(text[end:])])
