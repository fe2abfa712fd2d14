"""Replays the certificates about powers, roots, exponentials and unknown functions (see `derive.check.certificates`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Derivative,
    E,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    LambertW,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    NumberSymbol,
    Or,
    Pow,
    Rational,
    S,
    erf,
    exp,
    log,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement

from derive.certificates import Abstracted, Atom, Chain, KnownBound, PowerOrder, PowerTangent
from derive.check.fractions import SIGNS, Known, Rejected, Session, add, covered, equal, multiply, part_of, put
from derive.check.numbers import apart


def abstracted(session: Session, c: Abstracted, known: Known) -> None:
    """Powers of one base multiply as their exponents add; a power of a positive base and an exponential are positive; a root
    has its defining equation; the largest of several values is one of them and no smaller than any. Beyond that an atom is any real
    number."""
    used = c.claim.free_symbols.union(*(fact.free_symbols for fact in known))
    atoms = {atom.symbol: atom for atom in c.atoms}
    if len(atoms) != len(c.atoms) or used & set(atoms):
        raise Rejected("the symbol of an atom is not fresh")
    safe = {atom.symbol: _atom(session, atom, known) for atom in c.atoms}
    table: dict[Expr, Expr] = {}
    for kernel in c.kernels:
        base, exponent = _tower(kernel.expression)
        may_vanish = any(atoms[piece].rises is not None for piece, _ in kernel.powers if piece in atoms)
        if may_vanish and any(count < 0 for _, count in kernel.powers):
            raise Rejected("a quotient of powers of a base that may vanish")
        own = session.fraction(exponent)
        total, product, shown = session.fraction(S.Zero), [], []
        for piece, count in kernel.powers:
            if piece in atoms:
                inner, part = _tower(atoms[piece].expression)
                shown += safe[piece]
                product.append(piece**count)
            elif piece == base and isinstance(kernel.expression, Pow) and len(kernel.powers) > 1:
                inner, part = base, S.One
                product.append(base.xreplace(table) ** count)
            else:
                raise Rejected("a kernel uses an unknown atom")
            if inner != base:
                raise Rejected("a kernel mixes bases")
            total = add(total, multiply(session.fraction(part), session.fraction(Rational(count))))
        if not equal(total, own):
            raise Rejected("exponents do not add up")
        covered(own, shown)
        table[kernel.expression] = Mul(*product)
    facts = [fact for atom in c.atoms for fact in _atom_facts(atom, table)]
    inner_known = frozenset(put(fact, table) for fact in known).union(facts)
    part_of(session, c.proof, inner_known, put(c.claim, table))


def _tower(expression: Expr) -> tuple[Expr, Expr]:
    """``(base, exponent)``; a value is its own base."""
    if isinstance(expression, Pow):
        return expression.base, expression.exp
    if isinstance(expression, exp):
        return S.Exp1, expression.args[0]
    if isinstance(expression, Function | Derivative | Max | Min | NumberSymbol):
        return expression, S.One
    raise Rejected(f"not an atom: {expression}")


def _atom(session: Session, atom: Atom, known: Known) -> list[PolyElement]:
    """Check that the atom is a defined real number; the polynomials shown to be nonzero for that."""
    shown = []
    for proof in atom.defined:
        session.replay(session, proof, known)
        if not isinstance(proof.claim, Ne):
            raise Rejected("not an inequation")
        shown.append(session.polynomial(proof.claim))
    base, exponent = _tower(atom.expression)
    if isinstance(atom.expression, Pow | log | LambertW):
        base = atom.expression.args[0]
        root = isinstance(atom.expression, Pow) and isinstance(exponent, Rational)
        if root and (exponent.p != 1 or exponent.q < 2):
            raise Rejected("not a simple root")
        premise = atom.premise
        if premise is None or not isinstance(premise.claim, Gt | Ge) or premise.claim.lhs != base or premise.claim.rhs != 0:
            raise Rejected("a base of unproved sign")
        if isinstance(premise.claim, Ge) and not root:
            if atom.rises is None or not isinstance(atom.expression, Pow):
                raise Rejected("a base that may vanish")
            part_of(session, atom.rises, known, Gt(exponent, 0, evaluate=False))
        session.replay(session, premise, known)
    elif (
        not isinstance(atom.expression, exp | AppliedUndef | Derivative | Max | Min | Abs)
        and atom.expression.is_real is not True
    ):
        raise Rejected("not known to be real")
    for part in (exponent, *(() if isinstance(atom.expression, Pow | log | LambertW | Derivative) else atom.expression.args)):
        if isinstance(part, Expr):
            covered(session.fraction(part), shown)
    return shown


def _atom_facts(atom: Atom, table: dict[Expr, Expr]) -> list[Boolean]:
    expression = atom.expression
    if isinstance(expression, exp) or expression == S.Exp1:
        return [Gt(atom.symbol, 0, evaluate=False)]
    if isinstance(expression, Pow) and not isinstance(expression.exp, Rational):
        return [(Gt if atom.rises is None else Ge)(atom.symbol, 0, evaluate=False)]
    if isinstance(expression, Pow):
        power_of = Eq(atom.symbol ** int(expression.exp.q), expression.base.xreplace(table), evaluate=False)
        sign = Gt if atom.premise is not None and isinstance(atom.premise.claim, Gt) else Ge
        return [power_of, sign(atom.symbol, 0, evaluate=False)]
    if isinstance(expression, Max | Min | Abs):
        inside = expression.args[0]
        values = (inside, -inside) if isinstance(expression, Abs) else tuple(sorted(expression.args, key=str))
        bound = Le if isinstance(expression, Min) else Ge
        one_of = Or(*(Eq(atom.symbol, value, evaluate=False) for value in values), evaluate=False)
        return [*(bound(atom.symbol, value, evaluate=False) for value in values), one_of]
    return []


def _powers(session: Session, c: PowerOrder | PowerTangent, known: Known) -> tuple[Expr, Expr]:
    """Both bases are shown to be positive; their powers."""
    for base, proof in zip((c.left, c.right), c.positive, strict=True):
        part_of(session, proof, known, Gt(base, 0, evaluate=False))
    return Pow(c.left, c.exponent), Pow(c.right, c.exponent)


def power_order(session: Session, c: PowerOrder, known: Known) -> None:
    """``x**e`` increases in ``x > 0`` for ``e > 0`` and decreases for ``e < 0``; so the signs of the differences multiply."""
    left, right = _powers(session, c, known)
    for proof, ends in ((c.order, (c.left, c.right)), (c.direction, (c.exponent, 0))):
        session.replay(session, proof, known)
        if type(proof.claim) not in SIGNS or proof.claim.args != ends:
            raise Rejected("not the order of the bases, or not the sign of the exponent")
    signs = {a * b for a in SIGNS[type(c.order.claim)] for b in SIGNS[type(c.direction.claim)]}
    if type(c.claim) not in SIGNS or c.claim.args != (left, right) or not signs <= SIGNS[type(c.claim)]:
        raise Rejected("bases and exponent do not give this comparison of powers")


def power_tangent(session: Session, c: PowerTangent, known: Known) -> None:
    """``x**e`` is convex on ``x > 0`` for ``e <= 0`` and ``e >= 1`` and lies above its tangents, concave for e between; strictly so,
    with no other common point, unless ``e`` is 0 or 1."""
    left, right = _powers(session, c, known)
    below: set[tuple[type, Expr]] = set()
    for proof in c.range:
        session.replay(session, proof, known)
        if not isinstance(proof.claim, Relational) or proof.claim.lhs != c.exponent:
            raise Rejected("not a bound of the exponent")
        below.add((type(proof.claim), proof.claim.rhs))
    strictly = {(kind, end) for kind, end in below if kind in (Lt, Gt)}
    below |= {(Le if kind is Lt else Ge, end) for kind, end in strictly}
    convex = (Le, 0) in below or (Ge, 1) in below
    concave = (Ge, 0) in below and (Le, 1) in below
    tangent = right * (1 + c.exponent * (c.left / c.right - 1))
    allowed: list[type] = ([Ge] if convex else []) + ([Le] if concave else [])
    if c.apart is not None:
        part_of(session, c.apart, known, Ne(c.left, c.right, evaluate=False))
        allowed += [Gt] if (Lt, 0) in strictly or (Gt, 1) in strictly else []
        allowed += [Lt] if (Gt, 0) in strictly and (Lt, 1) in strictly else []
    if type(c.claim) not in allowed or c.claim.args != (left, tangent):
        raise Rejected("not the tangent of this power")


def known_bound(session: Session, c: KnownBound, known: Known) -> None:
    """``log`` is strictly concave with slope 1 at 1, where it vanishes, and ``log(x) = -log(1/x)``; ``W e**W`` has the sign of ``W``, which
    is concave with the tangent ``(1 + x/e)/2`` at e, while ``2 - e/x <= log(x) = W + log(W) <= 2 W - 1``; ``erf`` rises from -1 to 1;
    numbers are enclosed."""
    if not c.node.free_symbols and c.premise is None and not isinstance(c.node, erf):
        apart(c.claim, c.node)
        return
    if isinstance(c.node, erf) and c.node.args[0].is_real is True:
        allowed = [(Lt, S.One), (Gt, S.NegativeOne)]
    elif isinstance(c.node, log | LambertW) and len(c.node.args) == 1:
        argument = c.node.args[0]
        if c.premise is None:
            raise Rejected("the sign of the argument is not proved")
        part_of(session, c.premise, known, Gt(argument, 0, evaluate=False))
        of_log: list[tuple[type, Expr]] = [(Le, argument - 1), (Ge, 1 - 1 / argument)]
        if c.apart is not None:
            part_of(session, c.apart, known, Ne(argument, 1, evaluate=False))
            of_log += [(Lt, argument - 1), (Gt, 1 - 1 / argument)]
        of_lambert = [(Gt, S.Zero), (Le, (1 + argument / E) / 2), (Ge, (3 - E / argument) / 2)]
        allowed = of_log if isinstance(c.node, log) else of_lambert
    else:
        raise Rejected(f"nothing is known of {c.node}")
    if (type(c.claim), c.claim.args[1]) not in allowed or c.claim.args[0] != c.node:
        raise Rejected("not a known bound of this function")


def chain(session: Session, c: Chain, known: Known) -> None:
    """What is above something that is above a third is above the third; strictly, where one of the steps is strict."""
    downward = isinstance(c.claim, Gt | Ge)
    if not isinstance(c.claim, Gt | Ge | Lt | Le) or not c.links:
        raise Rejected("not an inequality")
    at, strict = c.claim.lhs, False
    for link in c.links:
        session.replay(session, link, known)
        if not isinstance(link.claim, Gt | Ge if downward else Lt | Le) or link.claim.lhs != at:
            raise Rejected("a link that does not join")
        at, strict = link.claim.rhs, strict or isinstance(link.claim, Gt | Lt)
    if at != c.claim.rhs or (isinstance(c.claim, Gt | Lt) and not strict):
        raise Rejected("the links do not give the claim")


OF_POWERS: dict[type, Callable[[Session, Any, Known], None]] = {
    Abstracted: abstracted,
    Chain: chain,
    PowerOrder: power_order,
    PowerTangent: power_tangent,
    KnownBound: known_bound,
}
