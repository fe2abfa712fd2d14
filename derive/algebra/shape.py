"""The shape of a formula: factored, every factor positive where that is provable, long sums grouped as an author would.

Every function here returns an expression identical to the one it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import gcd

import sympy
from sympy import Abs, Add, Basic, Expr, Integer, Mul, Pow, Rational, S, Symbol, log
from sympy.core.relational import Equality, GreaterThan, Relational, StrictGreaterThan, Unequality
from sympy.logic.boolalg import Boolean

from derive.algebra.exponentials import joined, without_lambert_inside
from derive.algebra.marginal import is_negative, sign_of, signed_product, weak_sign
from derive.errors import Refusal
from derive.field import NotRational, factored, normal
from derive.kernels import kernels
from derive.prove.api import AT_SIGHT, prove
from derive.prove.relations import TURN, compared
from derive.termwise import several_factors
from derive.written import added, multiplied, negated, product, raised

SHORT = 3  # terms
LONG = 24  # operations


def shaped(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """`expr` factored, its factors turned positive under `given` where that is provable, sums of many terms grouped."""
    return expr if expr.is_Symbol or expr.is_Rational else _shaped(expr, tuple(given))


@lru_cache(maxsize=4096)
def _shaped(expr: Expr, given: tuple[Boolean, ...]) -> Expr:
    form = factored(_without_roots_below(without_moduli(without_lambert_inside(expr, given), given)))
    coefficient, turned = form.coefficient, []
    for base, exponent in _merged(form.factors):
        if base.is_Add and is_negative(base, given, splits=0, work=AT_SIGHT):
            base = negated(base)
            coefficient = -coefficient if exponent % 2 else coefficient
        elif base.is_Add and exponent % 2 == 0 and base.as_ordered_terms()[0].could_extract_minus_sign():
            base = negated(base)
        turned.append((base, exponent))
    if coefficient < 0:
        place = next((i for i, (base, exponent) in enumerate(turned) if _may_be_negative(base, exponent, given)), None)
        if place is not None:
            coefficient, turned[place] = -coefficient, (negated(turned[place][0]), turned[place][1])
    return _with_logarithms_shaped(joined(_product(coefficient, [(grouped(base), exponent) for base, exponent in turned])), given)


def _with_logarithms_shaped(expr: Expr, given: tuple[Boolean, ...]) -> Expr:
    """`expr` with what stands under logarithms in shape: ``log(k*(b - a)/g)`` where b exceeds a."""
    nodes = sorted((node for node in kernels(expr) if isinstance(node, log)), key=sympy.default_sort_key)
    try:
        return expr.xreplace({node: log(shaped(normal(node.args[0]), given)) for node in nodes})
    except NotRational:
        return expr


def _merged(factors: Sequence[tuple[Expr, int]]) -> Sequence[tuple[Expr, int]]:
    """The factors, those with powers of one base whose exponents are symbolic fractions made one: ``b**(b/(b + g))*b**(g/(b + g))`` is
    ``b``."""
    exponents: dict[Expr, list[Expr]] = {}
    for base, times in factors:
        if isinstance(base, Pow) and sympy.fraction(base.exp)[1].free_symbols:
            exponents.setdefault(base.base, []).append(base.exp * times)
    several = {base: found for base, found in exponents.items() if len(found) > 1}
    if not several:
        return factors
    rest = [(base, times) for base, times in factors if base not in several and base.as_base_exp()[0] not in several]
    others = {
        base: [inner.as_base_exp()[1] * times for inner, times in factors if inner.as_base_exp()[0] == base] for base in several
    }
    return [*rest, *(_raised(base, normal(Add(*found))) for base, found in others.items())]


def _raised(base: Expr, exponent: Expr) -> tuple[Expr, int]:
    return (base, int(exponent)) if exponent.is_Integer else (Pow(base, sympy.factor(exponent)), 1)


def _may_be_negative(base: Expr, exponent: Expr, given: tuple[Boolean, ...]) -> bool:
    """Whether a minus sign before a product is better told by this factor: a short difference of which no sign is seen."""
    if not base.is_Add or len(base.args) > SHORT or exponent % 2 == 0:
        return False
    if not any(term.could_extract_minus_sign() for term in base.args):
        return False
    return prove(compared(base, ">"), given, splits=0, work=AT_SIGHT) is None


def without_moduli(expr: Expr, given: Sequence[Boolean]) -> Expr:
    """Absolute values (which roots of squares leave) of quantities whose sign is provable replaced by those quantities."""
    moduli = [node for node in kernels(expr) if isinstance(node, Abs)]
    signs = {node: weak_sign(node.args[0], given) for node in sorted(moduli, key=sympy.default_sort_key)}
    plain_ = expr.xreplace({node: side * node.args[0] for node, side in signs.items() if side is not None})
    roots = [node for node in kernels(plain_) if isinstance(node, Pow) and node.exp.is_Rational and node.base.free_symbols]
    found = {node: _without_squares(node, given) for node in sorted(roots, key=sympy.default_sort_key)}
    taken_out = {node: value for node, value in found.items() if value is not None}
    return without_moduli(plain_.xreplace(taken_out), given) if taken_out else plain_


def _without_squares(root: Pow, given: Sequence[Boolean]) -> Expr | None:
    """A root without the factors of known sign that stand under it to an even power, and the positive ones that it leaves with a whole
    power; None if there are none."""
    form = factored(root.base)
    out: list[Expr] = []
    rest: list[Expr] = [form.coefficient]
    for base, times in form.factors:
        side = sign_of(base, given) if times % 2 == 0 or (times * root.exp).is_Integer else None
        if side is None or (side < 0 and times % 2):
            rest.append(base**times)
        else:
            out.append((base if side > 0 else Add(*(-term for term in Add.make_args(base)))) ** (times * root.exp))
    return Mul(*out, Mul(*rest) ** root.exp) if out else None


def _without_roots_below(expr: Expr) -> Expr:
    """Square roots under which stands what also divides the numerator, cancelled: ``a/sqrt(a)`` is ``sqrt(a)``; else `expr`."""
    form = factored(expr)
    powers, found = [], False
    for base, times in form.factors:
        whole, odd = divmod(times, 2) if _is_square_root(base) else (0, times)
        powers += [base**odd, base.base**whole] if whole else [base**times]
        found = found or bool(whole)
    if not found:
        return expr
    cancelled = Mul(form.coefficient, *powers)
    other = factored(cancelled)
    again = Mul(other.coefficient, *(base**times for base, times in other.factors))
    return again if sympy.count_ops(again) < sympy.count_ops(expr) else expr


def _is_square_root(base: Expr) -> bool:
    return isinstance(base, Pow) and base.exp == Rational(1, 2) and bool(base.base.free_symbols)


def _product(coefficient: Rational, factors: Sequence[tuple[Expr, int]]) -> Expr:
    if coefficient == -1 and sum(1 for _, exponent in factors if exponent > 0) == 1:
        # A lone leading minus reads better inside a difference.
        for i, (base, exponent) in enumerate(factors):
            if exponent == 1 and base.is_Add:
                flipped = grouped(negated(base))
                return _product(Integer(1), [*factors[:i], (flipped, 1), *factors[i + 1 :]])
    powers = [Pow(base, exponent) for base, exponent in factors]
    lone = len(powers) == 1 and powers[0].is_Add and coefficient != 1
    return Mul(coefficient, *powers, evaluate=not lone)


@lru_cache(maxsize=8192)
def grouped(expr: Expr) -> Expr:
    """A sum of many terms as a sum of products with common factors taken out; anything else as it is."""
    return _grouped([_term(term) for term in expr.args]) if expr.is_Add and len(expr.args) >= SHORT else expr


@dataclass(frozen=True)
class _Term:
    """One summand: its number, the bases it has positive integer powers of, and its other factors.

    It is `plain` if it is a number times powers of symbols. What it is as a whole is written once it is asked for.
    """

    number: Rational
    powers: Mapping[Expr, int]
    rest: Expr
    plain: bool

    @cached_property
    def whole(self) -> Expr:
        return product(self.number, self.powers, self.rest)

    @cached_property
    def symbols(self) -> frozenset[Symbol]:
        if self.plain:
            return frozenset(base for base in self.powers if isinstance(base, Symbol))
        return frozenset(self.rest.free_symbols.union(*(base.free_symbols for base in self.powers)))

    def over(self, number: Rational, least: Mapping[Expr, int]) -> _Term:
        """The summand divided by a number and powers that divide it."""
        powers = {base: left for base, times in self.powers.items() if (left := times - least.get(base, 0))}
        return _Term(self.number if number is S.One else self.number / number, powers, self.rest, self.plain)


@lru_cache(maxsize=8192)
def _term(expr: Expr) -> _Term:
    number, rest = expr.as_coeff_Mul()
    powers = {base: int(times) for base, times in rest.as_powers_dict().items() if times.is_Integer and times > 0}
    other = Mul(*(factor for factor in Mul.make_args(rest) if factor.as_base_exp()[0] not in powers))
    return _Term(number, powers, other, other == 1 and all(base.is_Symbol for base in powers))


def _grouped(terms: Sequence[_Term]) -> Expr:
    if len(terms) < SHORT:
        return _sum(terms)
    content, least = _content(terms), _shared(terms)
    if content != 1 or least:
        return _times(content, least, terms)
    most = 0
    split: tuple[list[_Term], list[_Term]] | None = None
    for symbol in sorted(frozenset[Symbol]().union(*(term.symbols for term in terms)), key=_name):
        inside = [term for term in terms if symbol in term.symbols]
        outside = [term for term in terms if symbol not in term.symbols]
        if len(inside) < 2 or not outside:
            continue
        gain = sum(_degree(part) * (len(part) - 1) for part in (inside, outside))
        if gain > most:
            most, split = gain, (inside, outside)
    return _sum(terms) if split is None else _joined(_part(split[0]), _part(split[1]), plain=all(term.plain for term in terms))


def _name(symbol: Symbol) -> str:
    return str(symbol.name)


def _sum(terms: Sequence[_Term]) -> Expr:
    whole = [term.whole for term in terms]
    return added(whole) if all(term.plain for term in terms) else Add(*whole)


def _joined(inside: Expr, outside: Expr, *, plain: bool) -> Expr:
    """The sum of two, which have no terms in common if they are sums of plain ones."""
    return added([*Add.make_args(inside), *Add.make_args(outside)]) if plain else Add(inside, outside)


def _part(terms: Sequence[_Term]) -> Expr:
    content, least = _content(terms), _shared(terms)
    if least and all(term.number < 0 for term in terms):
        content = -content
    if content == 1 and not least:
        return _grouped(terms)
    return _times(content, least, terms)


def _times(content: Rational, least: Mapping[Expr, int], terms: Sequence[_Term]) -> Expr:
    """The sum of terms, with what divides all of them before it."""
    whole = _whole([term.over(content, least) for term in terms])
    if whole.is_Add and least and all(base.is_Symbol for base in least):
        return multiplied(content, [*map(raised, least, least.values()), whole])
    return Mul(product(content, least), whole)


def _whole(terms: Sequence[_Term]) -> Expr:
    """A sum without common monomial: a product if it factors, else grouped again."""
    plain = all(term.plain for term in terms)
    form = several_factors([(term.number, term.powers) for term in terms]) if plain else factored(_sum(terms))
    if form is None or (len(form.factors) == 1 and form.factors[0][1] == 1):
        return _grouped(terms)
    return _product(form.coefficient, [(grouped(base), exponent) for base, exponent in form.factors])


def _content(terms: Sequence[_Term]) -> Rational:
    """The largest whole number that divides every term; one if some number is a fraction."""
    numbers = [term.number for term in terms]
    return Integer(gcd(*(int(n.p) for n in numbers))) if all(n.is_Integer for n in numbers) else Integer(1)


def _shared(terms: Sequence[_Term]) -> dict[Expr, int]:
    """The bases of which every term has a positive integer power, with the least exponent."""
    least = dict(terms[0].powers)
    for term in terms[1:]:
        if not least:
            break
        least = {base: min(times, term.powers[base]) for base, times in least.items() if base in term.powers}
    return least


def _degree(terms: Sequence[_Term]) -> int:
    return sum(least for base, least in _shared(terms).items() if not base.is_Rational)


def with_named_bases(expr: Expr, named: Mapping[Symbol, Expr]) -> Expr:
    """Powers with a symbolic exponent written over a named quantity where their base is its value: ``p**(gamma - b)``."""
    replace = {}
    for power in sorted((node for node in kernels(expr) if isinstance(node, Pow)), key=sympy.default_sort_key):
        if power.exp.is_Rational or power.base.is_Symbol:
            continue
        name = next((s for s, v in named.items() if v != s and normal(v - power.base) == 0), None)
        if name is not None:
            replace[power] = name**power.exp
    return expr.xreplace(replace) if replace else expr


def readable(relation: Boolean, given: Sequence[Boolean]) -> Boolean:
    """An inequality freed of positive factors and of moduli; one of a sum has its positive terms on either side."""
    if not isinstance(relation, Relational) or isinstance(relation, Equality | Unequality):
        return relation
    if relation.has(Abs):
        relation = relation.func(*(without_moduli(side, given) for side in relation.args))
        if not isinstance(relation, Relational):
            return relation
    greater = relation if isinstance(relation, GreaterThan | StrictGreaterThan) else relation.reversed
    core = signed_product(greater.lhs - greater.rhs, given).core
    if not core.is_Add:
        lower = core.could_extract_minus_sign()
        return compared(-core, TURN[greater.rel_op]) if lower else compared(core, greater.rel_op)
    left = Add(*(t for t in core.args if t.as_coeff_Mul()[0] > 0))
    right = Add(*(-t for t in core.args if t.as_coeff_Mul()[0] < 0))
    return compared(grouped(left), greater.rel_op, grouped(right))


def readable_together(region: Iterable[Boolean], given: Sequence[Boolean]) -> tuple[Boolean, ...]:
    """Relations that hold together, each readable; one with a denominator without a sign knows what the others say of it.

    Raises Refusal where they say nothing.
    """
    stated = tuple(region)
    alone = [_readable_alone(relation, given) for relation in stated]
    known = (*given, *(found for found in alone if found is not None))
    return tuple(found if found is not None else readable(r, known) for r, found in zip(stated, alone, strict=True))


def _readable_alone(relation: Boolean, given: Sequence[Boolean]) -> Boolean | None:
    try:
        return readable(relation, given)
    except Refusal:
        return None


def simplest(region: Iterable[Boolean], given: Sequence[Boolean]) -> tuple[Boolean, ...]:
    """Relations that hold together, each readable; one about a product loses the factors whose signs the others give."""
    stated = readable_together(region, given)
    known = (*given, *(relation for relation in stated if not _about_product(relation)))
    return tuple(readable(relation, known) if _about_product(relation) else relation for relation in stated)


def _about_product(relation: Boolean) -> bool:
    """Whether it compares a product of several factors that vary with zero."""
    if not isinstance(relation, Relational) or isinstance(relation, Equality | Unequality) or 0 not in relation.args:
        return False
    (product_,) = (side for side in relation.args if side != 0)
    return sum(bool(factor.free_symbols) for factor in Mul.make_args(product_)) > 1


def shorter(full: Expr, alternative: Expr) -> Expr:
    """`full`, unless it is long and `alternative` says the same in far fewer operations."""
    return alternative if lengthy(full) and length(alternative) < 0.6 * length(full) else full


@lru_cache(maxsize=1 << 16)
def leaves(expr: Basic) -> int:
    """How many symbols and numbers an expression is written with."""
    return sum(map(leaves, expr.args)) if expr.args else 1


def lengthy(expr: Expr) -> bool:
    """Whether it takes many operations to write an expression."""
    return length(expr) > LONG


@lru_cache(maxsize=1 << 14)
def length(expr: Expr) -> int:
    """How many operations an expression is written with: signs count for none, and a quotient for one."""
    signed = expr.is_Mul and expr.args[0] == -1
    joined = len(expr.args) - 1 - signed if expr.is_Add or expr.is_Mul else 0
    applied = bool(expr.args) and not (expr.is_Add or expr.is_Mul or (expr.is_Pow and expr.exp == -1))
    return joined + applied + sum(map(length, expr.args))


def said(relation: Boolean) -> str:
    """A relation in plain text: terms of a sum that is compared with zero stand where they have no minus sign."""
    if not isinstance(relation, Relational):
        return str(relation)
    left, right, sign = relation.lhs, relation.rhs, {"==": "="}.get(relation.rel_op, relation.rel_op)
    if right == 0 and left.is_Add:
        right = sympy.Add(*[-term for term in left.args if term.could_extract_minus_sign()])
        left = sympy.Add(left, right)
    elif right == 0 and left.could_extract_minus_sign():
        left, sign = -left, TURN.get(sign, sign)
    return f"{left} {sign} {right}"


def closed(relation: Boolean) -> Boolean:
    """The relation with its boundary."""
    if isinstance(relation, sympy.StrictGreaterThan):
        return compared(relation.lhs, ">=", relation.rhs)
    if isinstance(relation, sympy.StrictLessThan):
        return compared(relation.lhs, "<=", relation.rhs)
    return relation


def open_(relation: Boolean) -> Boolean:
    """The relation without its boundary."""
    if isinstance(relation, GreaterThan) and not isinstance(relation, StrictGreaterThan):
        return compared(relation.lhs, ">", relation.rhs)
    if isinstance(relation, sympy.LessThan) and not isinstance(relation, sympy.StrictLessThan):
        return compared(relation.lhs, "<", relation.rhs)
    return relation


def balanced(core: Expr, relation: str) -> Boolean:
    """``core relation 0`` with the negative terms moved to the right: ``Eq(R + P, T + S)`` instead of ``Eq(R + P - T - S, 0)``."""
    terms = sympy.Add.make_args(sympy.expand(core))
    left = sympy.Add(*[term for term in terms if not term.could_extract_minus_sign()])
    right = sympy.Add(*[-term for term in terms if term.could_extract_minus_sign()])
    return compared(left, "=" if relation == "==" else relation, right)
