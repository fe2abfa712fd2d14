"""Laws of shocks as symbols: cdf ``F(z)``, density ``f(z)`` and overage ``Lambda(z) = E[(z - eps)^+]``.

For a law known only by its properties the three are functions with the derivative rules ``Lambda' = F`` and ``F' = f`` and
no evaluation; they hold for every real ``z`` (below the support ``F = Lambda = 0``, above it ``F = 1``). For a named law
there are closed forms, valid on its support, with every moment. Nothing is solved here.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import (
    Derivative,
    Expr,
    Function,
    Integer,
    Symbol,
    binomial,
    erf,
    exp,
    factorial,
    factorial2,
    oo,
    pi,
    sqrt,
    sympify,
)
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from derive.ir import Distribution, Exponential, GeneralDistribution, Normal, PowerDistribution, Uniform
from derive.kernels import kernels

__all__ = [
    "Cdf",
    "Density",
    "LawFunction",
    "Overage",
    "cdf",
    "conditions",
    "density",
    "law_values",
    "mean",
    "moment",
    "nonnegative_densities",
    "overage",
    "properties",
    "replace_law",
    "support",
]


class LawFunction(Function):
    """Base of the three functions of a law: ``head(name, z)``, printed as the paper prints them, e.g. ``F(z)``."""

    nargs = 2
    is_commutative = True
    is_real = True
    is_finite = True
    symbol_of: ClassVar[str] = ""

    @classmethod
    def eval(cls, *_: object) -> None:
        return None

    def __new__(cls, name: str | Str, argument: Expr, **options: object) -> LawFunction:
        tag = Str(name) if isinstance(name, str) else name
        return super().__new__(cls, tag, argument, **options)

    @property
    def law(self) -> str:
        """The name of the cdf."""
        return str(self.args[0].name)

    @property
    def argument(self) -> Expr:
        """Where the function is taken."""
        return self.args[1]

    @property
    def free_symbols(self) -> set[Symbol]:
        return self.args[1].free_symbols

    @property
    def heading(self) -> str:
        """The printed name of the function."""
        return self.law

    def _sympystr(self, printer: Any) -> str:
        return f"{self.heading}({printer._print(self.argument)})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        head = printer._print(Symbol(self.heading))
        power = f"^{{{exp}}}" if exp is not None else ""
        return rf"{head}{power}\left({printer._print(self.argument)}\right)"


class Cdf(LawFunction):
    """``F(z) = P(eps <= z)``."""

    def _eval_derivative(self, s: Symbol) -> Expr:
        return Density(self.args[0], self.argument) * self.argument.diff(s)


class Density(LawFunction):
    """``f(z)``, the derivative of the cdf inside the support."""

    @property
    def heading(self) -> str:
        lower = self.law[0].lower() + self.law[1:]
        return lower if lower != self.law else f"f_{self.law}"

    def _eval_derivative(self, s: Symbol) -> Expr:
        if self.argument == s:
            return Derivative(self, s, evaluate=False)
        inner = self.argument.diff(s)
        if inner == 0:
            return Integer(0)
        raise ValueError(f"the density {self} is not assumed differentiable")


class Overage(LawFunction):
    """``Lambda(z) = E[(z - eps)^+]``, the expected leftover of stocking ``z``; its derivative is the cdf."""

    @property
    def heading(self) -> str:
        return "Lambda" if self.law == "F" else "Lambda_" + self.law.removeprefix("F_")

    def _eval_derivative(self, s: Symbol) -> Expr:
        return Cdf(self.args[0], self.argument) * self.argument.diff(s)


def nonnegative_densities(expr: Expr) -> tuple[Boolean, ...]:
    """That no density is negative, wherever the law is in an expression."""
    places = {(str(node.args[0]), str(node.argument)): Density(node.args[0], node.argument) for node in expr.atoms(LawFunction)}
    return tuple(places[place] >= 0 for place in sorted(places))


# --- moments -------------------------------------------------------------------------------------------------------


def mean(law: Distribution) -> Expr:
    """The expectation."""
    return law.mean if isinstance(law, GeneralDistribution) else moment(law, 1)


def moment(law: Distribution, order: int) -> Expr | None:
    """``E[eps**order]`` for ``order >= 0``; None when the law's properties do not determine it."""
    if order == 0:
        return Integer(1)
    match law:
        case GeneralDistribution():
            return law.mean if order == 1 else None
        case Normal():
            return _normal_moment(law, order)
        case Uniform():
            low, high = support(law)
            powers = [high**i * low ** (order - i) for i in range(order + 1)]
            return sum(powers, Integer(0)) / (order + 1)
        case Exponential():
            return factorial(order) * law.mean**order
        case PowerDistribution():
            return law.exponent * law.high**order / (law.exponent + order)


def _normal_moment(law: Normal, order: int) -> Expr:
    terms = [
        binomial(order, 2 * i) * factorial2(2 * i - 1) * law.variance**i * law.mean ** (order - 2 * i)
        for i in range(order // 2 + 1)
    ]
    return sum(terms, Integer(0))


# --- cdf, density, overage -----------------------------------------------------------------------------------------


def support(law: Distribution) -> tuple[Expr, Expr]:
    """The ends of the support: the smallest interval that carries the law, every part of it with positive probability."""
    match law:
        case Normal():
            return -oo, oo
        case Uniform() | GeneralDistribution():
            return sympify(law.low), sympify(law.high)
        case Exponential():
            return Integer(0), oo
        case PowerDistribution():
            return Integer(0), sympify(law.high)


def conditions(law: Distribution) -> tuple[Boolean, ...]:
    """What the parameters of a law must satisfy for it to be one."""
    match law:
        case Normal():
            found: tuple[Boolean, ...] = (sympify(law.variance) > 0,)
        case Uniform():
            found = (sympify(law.high) > law.low,)
        case Exponential():
            found = (sympify(law.mean) > 0,)
        case PowerDistribution():
            found = (sympify(law.high) > 0, sympify(law.exponent) > 0)
        case GeneralDistribution():
            found = (sympify(law.high) > law.low, sympify(law.mean) > law.low, sympify(law.mean) < law.high)
    return tuple(relation for relation in found if relation != True)  # noqa: E712


def cdf(law: Distribution, z: Expr) -> Expr:
    """``F(z)``; for a bounded named law valid on the support only."""
    match law:
        case GeneralDistribution():
            return Cdf(law.cdf, z)
        case Normal():
            return (1 + erf((z - law.mean) / sqrt(2 * law.variance))) / 2
        case Uniform():
            low, high = support(law)
            return (z - low) / (high - low)
        case Exponential():
            return 1 - exp(-z / law.mean)
        case PowerDistribution():
            return (z / law.high) ** law.exponent


def density(law: Distribution, z: Expr) -> Expr:
    """``f(z)``; for a bounded named law valid on the support only."""
    match law:
        case GeneralDistribution():
            return Density(law.cdf, z)
        case Normal():
            return exp(-((z - law.mean) ** 2) / (2 * law.variance)) / sqrt(2 * pi * law.variance)
        case Uniform():
            low, high = support(law)
            return 1 / (high - low)
        case Exponential():
            return exp(-z / law.mean) / law.mean
        case PowerDistribution():
            return law.exponent * (z / law.high) ** law.exponent / z


def overage(law: Distribution, z: Expr) -> Expr:
    """``Lambda(z) = E[(z - eps)^+]``; for a bounded named law valid on the support only."""
    match law:
        case GeneralDistribution():
            return Overage(law.cdf, z)
        case Normal():
            return (z - law.mean) * cdf(law, z) + law.variance * density(law, z)
        case Uniform():
            low, high = support(law)
            return (z - low) ** 2 / (2 * (high - low))
        case Exponential():
            return z - law.mean * (1 - exp(-z / law.mean))
        case PowerDistribution():
            return z * (z / law.high) ** law.exponent / (law.exponent + 1)


def properties(law: Distribution, name: str) -> GeneralDistribution:
    """What is used of a law when it is treated like a general one: its ends, its mean, and whether its failure rates rise.

    The generalised failure rate ``x f/(1 - F)`` of a uniform, an exponential and a power law rises wherever it is positive. The
    failure rate ``f/(1 - F)`` of the first two and of the normal law does not fall.
    """
    if isinstance(law, GeneralDistribution):
        return law
    low, high = support(law)
    return GeneralDistribution(
        name, low, high, mean(law), igfr=not isinstance(law, Normal), ifr=not isinstance(law, PowerDistribution)
    )


def law_values(general: GeneralDistribution, named: Distribution) -> tuple[tuple[Symbol, Expr], ...]:
    """What the symbols that describe the general law (its ends and its mean) become under the named one."""
    low, high = support(named)
    pairs = ((general.low, low), (general.high, high), (general.mean, mean(named)))
    return tuple((symbol, sympify(value)) for symbol, value in pairs if isinstance(symbol, Symbol) and symbol != value)


def replace_law(expression: Expr, name: str, law: Distribution) -> Expr:
    """`expression` with the functions of the cdf `name` replaced by those of `law` (on its support, if it is a named law)."""
    heads = {Cdf: cdf, Density: density, Overage: overage}
    nodes = sorted((node for node in kernels(expression) if isinstance(node, LawFunction) and node.law == name), key=str)
    inner = {node: heads[type(node)](law, replace_law(node.argument, name, law)) for node in nodes}
    return expression.xreplace(inner)
