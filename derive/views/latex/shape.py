"""Formulas in the shape an author prints: positive terms first, fractions, no negative exponents, factors in a settled order.

Only the order and the layout of an expression are chosen here, never its value: what is printed is the expression given, up to
the sign pulled out of a sum (``-b*(c - a)`` prints as ``b (a - c)`` where ``a > c`` at the statement's sample point).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, BooleanFalse, BooleanTrue, Implies, Not, Or

from derive.ir import At, Slope
from derive.render import Tex, escape_latex
from derive.views.latex.least import Least
from derive.views.latex.names import Names
from derive.views.latex.order import (
    factor_class,
    factor_key,
    heading_of,
    is_sales,
    law_groups,
    merged,
    monomial_key,
    number_of,
    over_one_denominator,
    parenthesised,
    sign_at,
    turned,
)
from derive.views.latex.width import width

__all__ = ["RELATIONS", "Shape"]

_LONG_FACTOR = 7.0
_WORD = r"\mathit{"
_SMALL_FRACTION = 11.0
_VERY_SHORT = 4.0
_ROUNDING = 1e-6
RELATIONS = {"==": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}
_PREFIX = {
    sympy.log: r"\ln",
    sympy.sin: r"\sin",
    sympy.cos: r"\cos",
    sympy.tan: r"\tan",
    sympy.acos: r"\arccos",
    sympy.asin: r"\arcsin",
    sympy.atan: r"\arctan",
    sympy.tanh: r"\tanh",
    sympy.gamma: r"\Gamma",
    sympy.LambertW: "W",
    sympy.erf: r"\operatorname{erf}",
    sympy.sign: r"\operatorname{sgn}",
}


@dataclass(frozen=True)
class Shape:
    """Prints expressions and relations with the given names.

    `points` are admissible parameter points (there may be none): a sum that is negative at all of them is printed with its sign
    turned. `usual` are sums of the statement, which are printed the way round they stand there.
    """

    names: Names
    points: tuple[Mapping[Symbol, Rational], ...] = ()
    usual: frozenset[Expr] = frozenset()
    printed: dict[tuple[object, bool], str] = field(default_factory=dict, init=False, compare=False, repr=False)
    terms_printed: dict[tuple[Expr, bool], str] = field(default_factory=dict, init=False, compare=False, repr=False)
    ways: dict[Expr, int] = field(default_factory=dict, init=False, compare=False, repr=False)
    signs: dict[Expr, frozenset[str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    least: Least = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "least", Least(self.names))

    # --- entry points ------------------------------------------------------------------------------------------------

    def tex(self, expression: Expr | Boolean) -> Tex:
        """Display-style LaTeX of an expression or a relation."""
        return Tex(self._print(expression, inline=False))

    def inline(self, expression: Expr | Boolean) -> Tex:
        """LaTeX for running text and exponents: fractions with a slash."""
        return Tex(self._print(expression, inline=True))

    def exceeds(self, expression: Expr, room: float) -> bool:
        """Whether no print of the expression could be as narrow as `room`, as is told without printing it."""
        return self.least.width(expression) > room + _ROUNDING

    # --- sums --------------------------------------------------------------------------------------------------------

    def terms(self, expression: Expr) -> tuple[tuple[str, Expr], ...]:
        """The terms of a sum as (sign, term), in the order of printing; one pair for anything else."""
        ordered = sorted(Add.make_args(over_one_denominator(expression)), key=monomial_key)
        signed = [self._signed(term) for term in ordered]
        if signed[0][0] == "-" and any(sign == "+" for sign, _ in signed):
            signed = [pair for pair in signed if pair[0] == "+"] + [pair for pair in signed if pair[0] == "-"]
        return tuple(signed)

    def _signed(self, term: Expr) -> tuple[str, Expr]:
        sign, factors, loose = 1, [], []
        for factor in Mul.make_args(term):
            way = self._way(factor)
            if way < 0:
                sign, factor = (-sign if factor.as_base_exp()[1].is_odd else sign), turned(factor)
            factors.append(factor)
            if way == 0:
                loose.append(len(factors) - 1)
        number = Mul(*[factor for factor in factors if factor.is_Rational])
        if number.p < 0:
            sign, number = -sign, -number
        backward = [place for place in loose if self._starts_negative(factors[place])]
        odd = [place for place in loose if factors[place].as_base_exp()[1].is_odd]
        turn = [place for place in backward if place not in odd]
        wrong = [place for place in backward if place in odd]
        if (len(wrong) % 2 == 1) == (sign > 0) and odd:
            wrong = wrong[:-1] if wrong else odd[-1:]
        for place in (*turn, *wrong):
            factors[place] = turned(factors[place])
        sign = -sign if len(wrong) % 2 else sign
        rest = [factor for factor in factors if not factor.is_Rational]
        body = Mul(number, *rest, evaluate=False) if number != 1 and rest else (Mul(*rest, evaluate=False) if rest else number)
        return ("+" if sign > 0 else "-"), body

    def _way(self, factor: Expr) -> int:
        """-1 for a sum (to an integer power) to be turned round, 1 for anything to be left as it is, 0 where either would do."""
        base, exponent = factor.as_base_exp()
        if isinstance(factor, sympy.exp) or not isinstance(base, Add) or not exponent.is_Integer:
            return 1
        if base not in self.ways:
            self.ways[base] = self._way_of(base)
        return self.ways[base]

    def _way_of(self, base: Expr) -> int:
        signs = self._signs(base)
        if signs == {"-"} or is_sales(base, -1):
            return -1
        if signs == {"+"} or is_sales(base, 1):
            return 1
        if self.points and base.free_symbols <= set(self.points[0]):
            first = sign_at(base, self.points[0])
            if all(sign_at(base, point) == first for point in self.points[1:]):
                return first
        if base in self.usual:
            return 1
        return -1 if Add(*[-term for term in base.args]) in self.usual else 0

    def _starts_negative(self, factor: Expr) -> bool:
        base = factor.as_base_exp()[0]
        return self._signed(sorted(base.args, key=monomial_key)[0])[0] == "-"

    def _signs(self, total: Expr) -> frozenset[str]:
        """The signs with which the terms of a sum are printed."""
        found = self.signs.get(total)
        if found is None:
            found = self.signs[total] = frozenset(self._signed(term)[0] for term in total.args)
        return found

    def _sum(self, expression: Expr, inline: bool) -> str:
        if isinstance(expression, Add) and all(number_of(term).q > 1 for term in expression.args):
            content, primitive = expression.primitive()
            return self._sum(Mul(content, primitive, evaluate=False), inline)
        terms = self.terms(expression)
        if len(terms) == 1 and terms[0][0] == "+" and isinstance(terms[0][1], Add):
            return self._sum(terms[0][1], inline)
        text = ""
        for sign, term in terms:
            printed = self._product(term, inline)
            if not text:
                text = f"-{printed}" if sign == "-" else printed
            else:
                text += f" {sign} {printed}"
        return text

    # --- products and fractions --------------------------------------------------------------------------------------

    def _product(self, expression: Expr, inline: bool) -> str:
        """One term without its sign."""
        found = self.terms_printed.get((expression, inline))
        if found is None:
            found = self.terms_printed[expression, inline] = self._composed(expression, inline)
        return found

    def _composed(self, expression: Expr, inline: bool) -> str:
        if not isinstance(expression, Mul | Pow | Rational):
            return self._atom(expression, inline)
        above, below = self._over_under(expression)
        groups = [(above, below)] if inline else law_groups(above, below)
        return r" \cdot ".join(self._fraction(up, down, inline) for up, down in groups)

    def _over_under(self, expression: Expr) -> tuple[list[Expr], list[Expr]]:
        above: list[Expr] = []
        below: list[Expr] = []
        for factor in merged(Mul.make_args(expression)):
            if isinstance(factor, Rational):
                above += [Integer(factor.p)] if factor.p != 1 else []
                below += [Integer(factor.q)] if factor.q != 1 else []
                continue
            base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))
            if exponent.is_Rational and exponent.p < 0:
                below.append(Pow(base, -exponent) if exponent != -1 else base)
            else:
                above.append(factor)
        return sorted(above, key=factor_key), sorted(below, key=factor_key)

    def _fraction(self, above: list[Expr], below: list[Expr], inline: bool) -> str:
        if not below:
            return self._factors(above, inline)
        if inline:
            bottom = self._factors(below, True)
            return f"{self._factors(above, True)} / {bottom if len(below) == 1 else parenthesised(bottom)}"
        trailing = [factor for factor in above if factor_class(factor) >= 3]
        leading = [factor for factor in above if factor_class(factor) < 3]
        if trailing and self._stands_above(leading, trailing):
            leading, trailing = above, []
        sums = [factor for factor in leading if factor_class(factor) == 2]
        simple = all(factor_class(factor) < 2 for factor in below)
        if sums and simple and sum(width(self._factors([factor], False)) for factor in sums) > _SMALL_FRACTION:
            leading, trailing = [f for f in leading if factor_class(f) < 2], sums + trailing
        top = self._alone(leading) if leading else "1"
        bottom = self._alone(below)
        return " ".join([rf"\frac{{{top}}}{{{bottom}}}", *([self._factors(trailing, False)] if trailing else [])])

    def _stands_above(self, leading: list[Expr], trailing: list[Expr]) -> bool:
        """Whether powers and functions are short enough for the numerator; beside other factors powers only where all are very short."""
        printed = self._factors([*leading, *trailing], False)
        powers = any(factor_class(factor) == 3 for factor in trailing)
        return r"\frac" not in printed and width(printed) < (_VERY_SHORT if leading and powers else _SMALL_FRACTION)

    def _alone(self, factors: list[Expr]) -> str:
        """Factors that fill a numerator or denominator: a single sum needs no parentheses."""
        if len(factors) == 1:
            return self._print(factors[0], inline=False)
        return self._factors(factors, False)

    def _factors(self, factors: Sequence[Expr], inline: bool) -> str:
        if not factors:
            return "1"
        if len(factors) == 1 and not isinstance(factors[0], Add):
            return self._atom(factors[0], inline)
        printed = [self._factor(factor, inline) for factor in factors]
        text = printed[0]
        for before, after in pairwise(printed):
            text += _between(before, after) + after
        return text

    def _factor(self, factor: Expr, inline: bool) -> str:
        printed = self._atom(factor, inline)
        if isinstance(factor, Mul) and any(sign == "-" or isinstance(term, Add) for sign, term in self.terms(factor)):
            return parenthesised(printed)
        if isinstance(factor, Add | sympy.Piecewise | Relational) or (factor.is_number and printed.startswith("-")):
            return parenthesised(self._print(factor, inline))
        return printed

    # --- everything else ---------------------------------------------------------------------------------------------

    def _print(self, node: Expr | Boolean, inline: bool) -> str:
        found = self.printed.get((node, inline))
        if found is None:
            found = self.printed[node, inline] = self._compose(node, inline)
        return found

    def _compose(self, node: Expr | Boolean, inline: bool) -> str:
        if isinstance(node, Boolean | Relational) and not isinstance(node, Symbol):
            return self._logic(node, inline)
        if isinstance(node, Add | Mul | Pow | Rational):
            return self._sum(node, inline)
        return self._atom(node, inline)

    def _atom(self, node: Expr, inline: bool) -> str:
        if isinstance(node, Symbol):
            return self.names.tex(node)
        if isinstance(node, Rational):
            if node.q == 1:
                return str(node.p)
            sign = "-" if node.p < 0 else ""
            return f"{sign}{abs(node.p)}/{node.q}" if inline else rf"{sign}\frac{{{abs(node.p)}}}{{{node.q}}}"
        if isinstance(node, Add):
            return parenthesised(self._sum(node, inline))
        if isinstance(node, Mul):
            return self._sum(node, inline)
        if isinstance(node, sympy.exp):
            exponent = self._print(node.args[0], inline=True)
            if width(exponent) < _LONG_FACTOR:
                return rf"\mathrm{{e}}^{{{exponent}}}"
            return r"\exp" + parenthesised(self._print(node.args[0], inline))
        if isinstance(node, Pow):
            return self._power(node.base, node.exp, inline)
        return self._special(node, inline)

    def _power(self, base: Expr, exponent: Expr, inline: bool) -> str:
        if exponent == Rational(1, 2):
            return rf"\sqrt{{{self._print(base, inline)}}}"
        if exponent.is_Rational and exponent.p < 0:
            return self._fraction([], [Pow(base, -exponent)], inline)
        if isinstance(base, Symbol):
            text = self.names.tex(base)
            body = f"({text})" if "^" in text or text.startswith(r"\sqrt") else text
        elif isinstance(base, Integer) and base >= 0:
            body = str(base)
        elif isinstance(base, AppliedUndef) or heading_of(base):
            body = self._atom(base, inline)
        else:
            body = parenthesised(self._print(base, inline))
        script = self._print(exponent, inline=True)
        return f"{body}^{script}" if len(script) == 1 else f"{body}^{{{script}}}"

    def _special(self, node: Expr, inline: bool) -> str:
        args = [self._print(argument, inline) for argument in node.args if isinstance(argument, Expr)]
        heading = heading_of(node)
        if heading:
            return self.names.tex(heading) + parenthesised(self._print(node.argument, inline))
        if isinstance(node, At):
            return self._at(node)
        if isinstance(node, Slope):
            return rf"\frac{{\partial {args[0]}}}{{\partial {args[1]}}}"
        if isinstance(node, AppliedUndef):
            return self.names.tex(type(node).__name__) + parenthesised(", ".join(args))
        if isinstance(node, sympy.Max | sympy.Min):
            name = r"\max" if isinstance(node, sympy.Max) else r"\min"
            inside = ", ".join(sorted(args, key=lambda text: (text.isdigit(), text)))
            return rf"{name}\left\{{{inside}\right\}}" if r"\frac" in inside else rf"{name}\{{{inside}\}}"
        if isinstance(node, sympy.Abs):
            return rf"\lvert {args[0]} \rvert"
        if isinstance(node, sympy.factorial):
            return (args[0] if len(args[0]) == 1 else f"({args[0]})") + "!"
        if isinstance(node, sympy.Derivative):
            variables = " ".join(rf"\partial {self.names.tex(symbol)}" for symbol, _ in node.variable_count)
            order = sum(int(count) for _, count in node.variable_count)
            power = f"^{order}" if order > 1 else ""
            return rf"\frac{{\partial{power} {self._factor(node.expr, inline)}}}{{{variables}}}"
        if isinstance(node, sympy.Piecewise):
            return self._piecewise(node)
        constants: dict[Expr, str] = {sympy.oo: r"\infty", -sympy.oo: r"-\infty", sympy.pi: r"\pi", sympy.E: r"\mathrm{e}"}
        if node in constants:
            return constants[node]
        for kind, prefix in _PREFIX.items():
            if isinstance(node, kind):
                bare = kind is sympy.log and isinstance(node.args[0], Symbol)
                return f"{prefix} {args[0]}" if bare else prefix + parenthesised(", ".join(args))
        return str(sympy.latex(node, symbol_names={symbol: self.names.tex(symbol) for symbol in node.free_symbols}))

    def _at(self, node: At) -> str:
        inner = (
            self.names.tex(node.args[0])
            if isinstance(node.args[0], Symbol)
            else parenthesised(self._print(node.args[0], False))
        )
        tag = rf"\mathrm{{{escape_latex(str(node.args[1]))}}}"
        return f"{{{inner}}}^{{{tag}}}" if "^" in inner else f"{inner}^{{{tag}}}"

    def _piecewise(self, node: sympy.Piecewise) -> str:
        rows = []
        for value, condition in node.args:
            when = r"\text{otherwise}" if condition == True else rf"\text{{if }} {self._logic(condition, True)}"  # noqa: E712
            rows.append(f"{self._print(value, False)}, & {when}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def _logic(self, node: Boolean, inline: bool) -> str:
        if isinstance(node, BooleanTrue | BooleanFalse):
            return r"\text{true}" if node == True else r"\text{false}"  # noqa: E712
        if isinstance(node, Relational):
            left, right = self._print(node.lhs, inline), self._print(node.rhs, inline)
            if node.rhs == 0 and isinstance(node.lhs, Mul) and left.startswith("-"):
                left, node = left[1:], node.reversedsign if node.rel_op in ("<", "<=", ">", ">=") else node
            return f"{left} {RELATIONS[node.rel_op]} {right}"
        joined: dict[type, str] = {And: r"\ \text{and}\ ", Or: r"\ \text{or}\ ", Implies: r" \Longrightarrow "}
        for kind, word in joined.items():
            if isinstance(node, kind):
                parts: tuple[Boolean, ...] = node.args  # type: ignore[attr-defined]
                ordered = parts if kind is Implies else sorted(parts, key=str)
                return word.join(self._nested(part, kind, inline) for part in ordered)
        if isinstance(node, Not):
            return rf"\text{{not }} {self._nested(node.args[0], Not, inline)}"
        return str(sympy.latex(node))

    def _nested(self, node: Boolean, outer: type, inline: bool) -> str:
        printed = self._logic(node, inline)
        return parenthesised(printed) if isinstance(node, And | Or | Implies) and not isinstance(node, outer) else printed


def _between(before: str, after: str) -> str:
    """What stands between two factors: a dot between numbers, a little space beside a name of several letters."""
    if before[-1].isdigit() and "_" not in before[-3:] and after[0].isdigit():
        return r" \cdot "
    return r" \, " if before.startswith(_WORD) or after.startswith(_WORD) else " "
