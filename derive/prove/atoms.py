"""Powers with symbolic exponents, roots, exponentials, logarithms and unknown functions become symbols of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Function,
    Gt,
    Integer,
    LambertW,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    expand,
    log,
)
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from derive.certificates import Abstracted, Atom, Certificate, Kernel
from derive.prove.extrema import bounds_of, values_of
from derive.prove.oracle import satisfiable
from derive.prove.relations import flatten, relation, substitute
from derive.prove.space import NotRational, TooLarge, space
from derive.tree import free_symbols

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]


class Opaque(ValueError):
    """An expression of which not even realness is known here."""


@dataclass(frozen=True)
class Piece:
    """An atom's expression; `kind` is power, root, exponential, logarithm, extremum or value."""

    expression: Expr
    kind: str


@lru_cache(maxsize=1 << 15)
def kernels_of(statement: Expr | Boolean) -> tuple[Expr, ...]:
    """The outermost subexpressions that are not rational, in the order of a walk."""
    if is_kernel(statement):
        return (statement,)
    return tuple(dict.fromkeys(kernel for part in statement.args for kernel in kernels_of(part)))


def is_kernel(node: object) -> bool:
    """Whether a node is not built from its parts by rational operations."""
    if isinstance(node, Pow):
        return not isinstance(node.exp, Integer)
    return isinstance(node, Function | Derivative | Max | Min | NumberSymbol)


def split(kernel: Expr) -> tuple[Expr, int, list[tuple[Piece, int]]]:
    """``(base, n, [(piece, k), ...])`` with ``kernel = base**n * product(piece**k)``. Raises `Opaque`."""
    if isinstance(kernel, AppliedUndef | Derivative):
        return S.One, 0, [(Piece(kernel, "value"), 1)]
    if isinstance(kernel, Max | Min | Abs):
        return S.One, 0, [(Piece(kernel, "extremum"), 1)]
    if isinstance(kernel, log | LambertW) and len(kernel.args) == 1:
        return kernel.args[0], 0, [(Piece(kernel, "logarithm"), 1)]
    if kernel is S.Exp1:
        base, exponent = S.Exp1, S.One
    elif isinstance(kernel, exp):
        base, exponent = S.Exp1, kernel.args[0]
    elif isinstance(kernel, Pow):
        base, exponent = kernel.base, kernel.exp
    elif kernel.is_real:
        return S.One, 0, [(Piece(kernel, "value"), 1)]
    else:
        raise Opaque(str(kernel))
    whole = 0
    pieces: list[tuple[Piece, int]] = []
    for term in Add.make_args(expand(exponent)):
        number, rest = term.as_coeff_Mul()
        if not isinstance(number, Rational):
            raise Opaque(str(kernel))
        if rest == 1:
            if base is S.Exp1:
                pieces.append((Piece(exp(Rational(1, number.q)), "exponential"), int(number.p)))
            elif number.q == 1:
                whole += int(number)
            else:
                pieces.append((Piece(Pow(base, Rational(1, number.q)), "root"), int(number.p)))
        else:
            unit = rest / number.q
            piece = Piece(exp(unit), "exponential") if base is S.Exp1 else Piece(Pow(base, unit), "power")
            pieces.append((piece, int(number.p)))
    return base, whole, pieces


class Abstraction:
    """Collects atoms while statements are rewritten. `prove` shows the signs of bases."""

    def __init__(self, given: tuple[Boolean, ...], taken: frozenset[str], prove: Prover) -> None:
        self.given = given
        self.prove = prove
        self.prefix = next(name for name in ("h", "m", "g", "X", "atom") if not any(t.startswith(name + "_") for t in taken))
        self.atoms: dict[Expr, Atom] = {}
        self.facts: list[Boolean] = []
        self.kernels: dict[Expr, Kernel] = {}
        self.replaced: dict[Expr, Expr] = {}
        self.failed: set[Expr] = set()

    def rewrite(self, statement: Boolean) -> Boolean | None:
        """`statement` in atoms; None if one of its kernels cannot be shown to be real."""
        for kernel in kernels_of(statement):
            if not self._kernel(kernel):
                return None
        return substitute(statement, self.replaced)

    def _expression(self, expression: Expr) -> Expr | None:
        for kernel in kernels_of(expression):
            if not self._kernel(kernel):
                return None
        return expression.xreplace(self.replaced)

    def _kernel(self, kernel: Expr) -> bool:
        if kernel in self.replaced:
            return True
        if kernel in self.failed:
            return False
        if not self._try(kernel):
            self.failed.add(kernel)
            return False
        return True

    def _try(self, kernel: Expr) -> bool:
        try:
            base, whole, pieces = split(kernel)
        except Opaque:
            return False
        inner = base if base is S.Exp1 else self._expression(base)
        if inner is None:
            return False
        powers: list[tuple[Expr, int]] = [(base, whole)] if whole else []
        product: list[Expr] = [Pow(inner, whole)]
        vanishing = False
        for piece, exponent in pieces:
            atom = self._atom(piece, base, inner)
            if atom is None:
                return False
            powers.append((atom.symbol, exponent))
            product.append(Pow(atom.symbol, exponent))
            vanishing = vanishing or atom.rises is not None
        if vanishing and any(exponent < 0 for _, exponent in powers):
            return False
        self.kernels[kernel] = Kernel(kernel, tuple(powers))
        self.replaced[kernel] = Mul(*product)
        return True

    def _atom(self, piece: Piece, base: Expr, inner: Expr) -> Atom | None:
        if piece.expression in self.atoms:
            return self.atoms[piece.expression]
        premise = rises = None
        if piece.kind in ("power", "root", "logarithm"):
            inside = set(kernels_of(base))
            usable = tuple(fact for fact in self.given if set(kernels_of(fact)) <= inside)
            may_vanish = piece.kind == "root" and satisfiable((*usable, relation(base, "="))) is not False
            premise = self.prove(relation(base, ">="), usable) if may_vanish else self.prove(relation(base, ">"), usable)
            if premise is None and piece.kind == "root" and not may_vanish:
                premise = self.prove(relation(base, ">="), usable)
            if premise is None and piece.kind == "power":
                rises = self._rising(piece.expression)
                premise = self.prove(relation(base, ">="), usable) if rises is not None else None
            if premise is None:
                return None
        defined = self._defined(piece.expression)
        if defined is None:
            return None
        symbol = Symbol(f"{self.prefix}_{len(self.atoms) + 1}", real=True)
        atom = Atom(symbol, piece.expression, premise, defined, rises)
        self.atoms[piece.expression] = atom
        if piece.kind in ("power", "exponential"):
            self.facts.append(relation(symbol, ">" if rises is None else ">="))
        if piece.kind == "root":
            degree = int(piece.expression.exp.q)
            sign = ">" if premise is not None and isinstance(premise.claim, Gt) else ">="
            self.facts += [relation(symbol**degree, "=", inner), relation(symbol, sign)]
        if piece.kind == "extremum":
            self.facts += bounds_of(symbol, piece.expression, values_of(piece.expression))
        return atom

    def _rising(self, power: Expr) -> Certificate | None:
        """A proof that the exponent of a power is positive, so that it vanishes with its base."""
        exponent = power.as_base_exp()[1]
        usable = tuple(fact for fact in self.given if not kernels_of(fact))
        return None if kernels_of(exponent) else self.prove(relation(exponent, ">"), usable)

    def _defined(self, expression: Expr) -> tuple[Certificate, ...] | None:
        """Proofs that no denominator in the exponent (or the arguments) vanishes."""
        inner = (expression.exp,) if isinstance(expression, Pow) else tuple(a for a in expression.args if isinstance(a, Expr))
        if isinstance(expression, Derivative | log | LambertW):
            return ()
        proofs = []
        for part in inner:
            ring = space(tuple(sorted(free_symbols(part), key=lambda s: s.name)))
            try:
                divisors = ring.fraction(part).divisors
            except (NotRational, TooLarge, ZeroDivisionError):
                return None
            for divisor in divisors:
                for base, _ in ring.factor(divisor)[1]:
                    usable = tuple(fact for fact in self.given if not kernels_of(fact))
                    proof = self.prove(relation(ring.expression(base), "!="), usable)
                    if proof is None:
                        return None
                    proofs.append(proof)
        return tuple(dict.fromkeys(proofs))


def has_atoms(statement: Boolean) -> bool:
    """Whether some part of the statement is not rational."""
    return bool(kernels_of(statement))


def prove_with_atoms(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """Certificate of `claim`, proved after all kernels are replaced by symbols; `prove` handles rational claims and this one."""
    flat = flatten(given)
    taken = frozenset(symbol.name for statement in (claim, *flat) for symbol in free_symbols(statement))
    work = Abstraction(flat, taken, prove)
    inner_claim = work.rewrite(claim)
    if inner_claim is None:
        return None
    inner = [fact for fact in map(work.rewrite, flat) if fact is not None]
    proof = prove(inner_claim, (*inner, *work.facts))
    if proof is None:
        return None
    return Abstracted(
        claim=claim,
        given=given,
        atoms=tuple(work.atoms.values()),
        kernels=tuple(work.kernels.values()),
        proof=proof,
    )
