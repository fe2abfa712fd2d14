"""Formulas as a graph of floating-point operations: shared subexpressions, and sums in the order that loses least.

The shape of a formula is kept as it was derived (factored, nested); nothing is expanded. What is decided here:

- a sum starts with its constant and a symbol of opposite sign, then symbols, then products: ``b - gamma - 1`` becomes
  ``(b - 1) - gamma``, which rounds once since ``b - 1`` is exact; ``1 - exp(x)`` becomes ``-expm1(x)``;
- small integer powers become products, half-integer powers square roots, one division per quotient;
- factors that several products have in common are multiplied once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Add, Expr, Float, LambertW, Max, Min, Mul, Pow, Rational, Symbol

_FUNCTIONS: dict[type, str] = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.cos: "cos",
    sympy.sin: "sin",
    sympy.acos: "acos",
    sympy.asin: "asin",
    sympy.atan: "atan",
    sympy.Abs: "abs",
    sympy.erf: "erf",
    sympy.erfc: "erfc",
}
_LARGEST_PRODUCT = 8
COMPARISONS = (">", ">=", "<", "<=", "==", "!=")


class Unsupported(Exception):
    """The formula contains something that the evaluator has no operation for; the text says what."""


@dataclass(frozen=True)
class Node:
    """One operation: ``const`` and ``var`` (with `text`) are leaves; ``product`` has any number of arguments; comparisons are
    operations of which nothing else is made."""

    op: str
    args: tuple[int, ...] = ()
    text: str = ""


class Graph:
    """Builds nodes from SymPy expressions; equal subexpressions become one node.

    `names` gives the Python names of the leaves; `dominant` are the symbols bounded below by something, preferred partners of a
    constant.
    """

    def __init__(self, names: Mapping[Symbol, str], dominant: frozenset[Symbol] = frozenset()) -> None:
        self.nodes: list[Node] = []
        self._dominant = dominant
        self._ids: dict[Node, int] = {}
        self._memo: dict[Expr, tuple[int, int]] = {symbol: (1, self.make("var", text=name)) for symbol, name in names.items()}

    # --- leaves and elementary operations ---------------------------------------------------------------------------

    def make(self, op: str, *args: int, text: str = "") -> int:
        """The node of one operation; the one that is there already where there is one."""
        node = Node(op, args, text)
        if node not in self._ids:
            self._ids[node] = len(self.nodes)
            self.nodes.append(node)
        return self._ids[node]

    def number(self, value: float) -> int:
        """The node of a constant."""
        return self.make("const", text=repr(float(value)))

    def negative(self, node: int) -> int:
        """The node of the opposite."""
        inner = self.nodes[node]
        if inner.op == "const":
            return self.number(-float(inner.text))
        if inner.op == "sub":
            return self.make("sub", inner.args[1], inner.args[0])
        return inner.args[0] if inner.op == "neg" else self.make("neg", node)

    def _multiply(self, factors: Sequence[int]) -> int:
        return factors[0] if len(factors) == 1 else self.make("product", *factors)

    def quotient(self, numerator: Sequence[int], denominator: Sequence[int]) -> int:
        """One product divided by another; products of no factors are 1."""
        top = self._multiply(numerator) if numerator else self.number(1)
        return self.make("div", top, self._multiply(denominator)) if denominator else top

    def sum_of(self, nodes: Sequence[int]) -> int:
        """The sum of nodes, from left to right."""
        total = nodes[0]
        for node in nodes[1:]:
            total = self.make("add", total, node)
        return total

    def leaves(self, node: int) -> frozenset[str]:
        """The names that a node's formula speaks of."""
        return frozenset(self.nodes[index].text for index in reachable(self.nodes, [node]) if self.nodes[index].op == "var")

    def contains(self, node: int, parts: Iterable[int]) -> bool:
        """Whether one of `parts` is needed for a node."""
        return not set(reachable(self.nodes, [node])).isdisjoint(parts)

    def formula(self, node: int) -> str:
        """A text of the node's formula, the same in every graph that has the formula."""
        texts: dict[int, str] = {}
        for index in reachable(self.nodes, [node]):
            part = self.nodes[index]
            texts[index] = part.text or f"{part.op}({', '.join(texts[i] for i in part.args)})"
        return texts[node]

    # --- expressions ------------------------------------------------------------------------------------------------

    def bind(self, symbol: Symbol, node: int) -> None:
        """Later expressions may use `symbol` for that node."""
        self._memo[symbol] = (1, node)

    def expression(self, expr: Expr) -> int:
        """The node of `expr`. Raises `Unsupported`."""
        sign, node = self._signed(expr)
        return node if sign > 0 else self.negative(node)

    def _signed(self, expr: Expr) -> tuple[int, int]:
        known = self._memo.get(expr)
        if known is None:
            known = self._memo[expr] = self._convert(expr)
        return known

    def _convert(self, expr: Expr) -> tuple[int, int]:
        if isinstance(expr, (Rational, Float)) and expr.is_finite:
            exact = Fraction(int(expr.p), int(expr.q)) if isinstance(expr, Rational) else Fraction(float(expr))
            return (-1 if exact < 0 else 1), self.number(float(abs(exact)))
        if expr in (sympy.oo, -sympy.oo):
            return (1 if expr is sympy.oo else -1), self.number(float("inf"))
        if isinstance(expr, sympy.NumberSymbol):
            return 1, self.number(float(expr))
        if isinstance(expr, Symbol):
            raise Unsupported(f"{expr} is neither a parameter nor a value found before it")
        if isinstance(expr, Add):
            opposite = self._memo.get(-expr)
            if opposite is not None:
                return -opposite[0], opposite[1]
            sizes = {abs(term.as_coeff_Mul()[0]) for term in expr.args}
            size = sizes.pop() if len(sizes) == 1 else 1
            return self._sum(expr) if size == 1 else self._quotient((size, Add(*(term / size for term in expr.args))))
        if isinstance(expr, Mul):
            return self._quotient(expr.args)
        if isinstance(expr, Pow):
            return self._power(expr.base, expr.exp)
        return 1, self._call(expr)

    def _call(self, expr: Expr) -> int:
        if isinstance(expr, (Max, Min)):
            op = "max" if isinstance(expr, Max) else "min"
            first, *others = (self.expression(argument) for argument in sorted(expr.args, key=sympy.default_sort_key))
            for other in others:
                first = self.make(op, first, other)
            return first
        if isinstance(expr, LambertW):
            branch = expr.args[1] if len(expr.args) > 1 else sympy.S.Zero
            if branch not in (0, -1):
                raise Unsupported(f"{expr} is not a real branch of Lambert's W")
            if branch == 0 and isinstance(expr.args[0], sympy.exp):  # exp(z) may be beyond the numbers where W(exp(z)) is not
                return self.make("omega", self.expression(expr.args[0].args[0]))
            return self.make("lambertw" if branch == 0 else "lambertw1", self.expression(expr.args[0]))
        if isinstance(expr, sympy.log) and isinstance(expr.args[0], Add) and expr.args[0].as_coeff_Add()[0] == 1:
            return self.make("log1p", self.expression(expr.args[0] - 1))
        if isinstance(expr, NormalQuantile):
            return self.make("quantile", *map(self.expression, expr.args))
        op = _FUNCTIONS.get(type(expr), "")
        if not op or len(expr.args) != 1:
            raise Unsupported(f"{expr.func.__name__} has no numeric counterpart")
        return self.make(op, self.expression(expr.args[0]))

    # --- powers and products ----------------------------------------------------------------------------------------

    def _integer_power(self, base: int, exponent: int) -> int:
        if exponent > _LARGEST_PRODUCT:
            return self.make("pow", base, self.number(exponent))
        if exponent == 1:
            return base
        half = self._integer_power(base, exponent // 2)
        square = self.make("mul", half, half)
        return self.make("mul", square, base) if exponent % 2 else square

    def _power(self, base: Expr, exponent: Expr) -> tuple[int, int]:
        if not isinstance(exponent, Rational):
            return 1, self.make("pow", self.expression(base), self.expression(exponent))
        if exponent == 0:
            return 1, self.number(1)
        if exponent < 0:
            sign, node = self._power(base, -exponent)
            return sign, self.quotient([], [node])
        if exponent.q == 1:
            sign, node = self._signed(base)
            return (sign if exponent.p % 2 else 1), self._integer_power(node, int(exponent.p))
        node = self.expression(base)
        if exponent.q == 2:
            root = self.make("sqrt", node)
            whole = int(exponent.p) // 2
            return 1, self._multiply([self._integer_power(node, whole), root]) if whole else root
        return 1, self.make("pow", node, self.number(float(Fraction(int(exponent.p), int(exponent.q)))))

    def _quotient(self, arguments: Iterable[Expr]) -> tuple[int, int]:
        sign, top, bottom = 1, list[int](), list[int]()
        for factor in _same_base_together(arguments):
            if isinstance(factor, Rational):
                sign = -sign if factor < 0 else sign
                value = Fraction(abs(int(factor.p)), int(factor.q))
                whole = Fraction(float(value)) == value or max(value.numerator, value.denominator) > 2**53
                number = float(value) if whole else float(value.numerator)
                top += [self.number(number)] if number != 1 else []
                bottom += [] if whole else [self.number(value.denominator)]
                continue
            below = isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp < 0
            own, node = self._power(factor.base, -factor.exp) if below else self._signed(factor)
            sign *= own
            (bottom if below else top).append(node)
        flat_top = [argument for node in top for argument in self._factors(node)]
        flat_bottom = [argument for node in bottom for argument in self._factors(node)]
        return (-sign if self._one_exponential(flat_top, flat_bottom) else sign), self.quotient(flat_top, flat_bottom)

    def _one_exponential(self, top: list[int], bottom: list[int]) -> bool:
        """Puts ``-1/(exp(-x) - 1)`` for ``exp(x)/(exp(x) - 1)``, and says whether there is one: one call, and no overflow."""
        for node in top:
            below = self.make("expm1", *self.nodes[node].args) if self.nodes[node].op == "exp" else -1
            if below in bottom:
                top.remove(node)
                bottom[bottom.index(below)] = self.make("expm1", self.negative(self.nodes[node].args[0]))
                return True
        return False

    def _factors(self, node: int) -> tuple[int, ...]:
        return self.nodes[node].args if self.nodes[node].op == "product" else (node,)

    # --- sums -------------------------------------------------------------------------------------------------------

    def _sum(self, expr: Add) -> tuple[int, int]:
        constant, rest = expr.as_coeff_Add()
        terms = list(Add.make_args(rest))
        chain: list[tuple[int, int]] = []
        if constant != 0:
            partner = self._partner(constant, terms)
            chain.append(self._signed(constant))
            if partner is not None:
                terms.remove(partner)
                if isinstance(partner.as_coeff_Mul()[1], sympy.exp):
                    # constant and partner are c and -c*exp(x): together -c*expm1(x), without cancellation
                    chain = [self._signed(Mul(-constant, _Expm1(partner.as_coeff_Mul()[1].args[0])))]
                else:
                    chain.insert(0, self._signed(partner))
        terms.sort(key=lambda term: not term.as_coeff_Mul()[1].is_Symbol)
        signed = [self._signed(term) for term in terms]
        simple = [pair for term, pair in zip(terms, signed, strict=True) if term.as_coeff_Mul()[1].is_Symbol]
        for group in (simple, signed[len(simple) :]):
            chain += sorted(group, key=lambda pair: -pair[0])
        if chain[0][0] < 0:
            leader = next((index for index, (sign, _) in enumerate(chain[:2]) if sign > 0), None)
            leader = leader if leader is not None else next((i for i, (sign, _) in enumerate(chain) if sign > 0), 0)
            chain.insert(0, chain.pop(leader))
        overall, total = chain[0]
        for sign, node in chain[1:]:
            total = self.make("add" if sign == overall else "sub", total, node)
        return overall, total

    def _partner(self, constant: Rational, terms: list[Expr]) -> Expr | None:
        """The term that the constant is combined with first: of opposite sign, and such that the difference is best exact."""

        def rank(term: Expr) -> int:
            coefficient, factor = term.as_coeff_Mul()
            if isinstance(factor, sympy.exp):
                return 0 if coefficient == -constant else 9
            if not factor.is_Symbol:
                return 9
            if coefficient * constant < 0:
                return (1 if factor in self._dominant else 2) if abs(coefficient) == 1 else 3
            return 4

        best = min(terms, key=rank)
        return best if rank(best) < 9 else None


class _Expm1(sympy.Function):
    """``exp(x) - 1``, only inside `Graph`."""

    nargs = 1


class NormalQuantile(sympy.Function):
    """Where the standard normal cdf is `x`, given `x`, ``1 - x`` and ``x - 1/2``."""

    nargs = 3


_FUNCTIONS[_Expm1] = "expm1"


def _same_base_together(factors: Iterable[Expr]) -> list[Expr]:
    """``p**gamma * p**(-b)`` as ``p**(gamma - b)``: one power, and no overflow on the way."""
    exponents: dict[Expr, Expr] = {}
    found = list(factors)
    for factor in found:
        if isinstance(factor, Pow) and not isinstance(factor.exp, Rational):
            exponents[factor.base] = exponents.get(factor.base, sympy.S.Zero) + factor.exp
    kept = [factor for factor in found if not (isinstance(factor, Pow) and not isinstance(factor.exp, Rational))]
    return kept + [Pow(base, exponent, evaluate=False) for base, exponent in exponents.items()]


def reachable(nodes: Sequence[Node], roots: Iterable[int]) -> list[int]:
    """Positions of the nodes that `roots` need, arguments before users, in a fixed order."""
    order: dict[int, None] = {}
    pending = [(root, False) for root in reversed(list(roots))]
    while pending:
        index, ready = pending.pop()
        if index in order:
            continue
        if ready:
            order[index] = None
        else:
            pending.append((index, True))
            pending += [(arg, False) for arg in reversed(nodes[index].args)]
    return list(order)
