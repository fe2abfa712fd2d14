"""Ill-posed auctions are refused here, in one line that names the model and the symbol."""

from __future__ import annotations

import sympy
from sympy import Symbol

from derive.auctions.ir import Auction, DoubleAuction
from derive.errors import StatementError
from derive.exact import require_exact
from derive.ir import At, PowerDistribution, Uniform
from derive.prove import prove, refute

__all__ = ["validate_auction", "validate_double_auction"]


def validate_auction(auction: Auction) -> None:
    """Raises `StatementError` unless the statement is complete and exact."""
    try:
        known = _symbols(auction)
        _formats(auction, known)
        _law(auction, known)
        _claims(auction)
    except StatementError as error:
        raise error.located(model=auction.key) from None


def _symbols(auction: Auction) -> frozenset[Symbol]:
    declared = [p.symbol for p in auction.parameters]
    reported = [auction.bid.symbol, *(d.symbol for d in auction.definitions), *(one.payoff for one in auction.players)]
    seen: set[str] = set()
    for symbol in (*declared, *reported, auction.rival):
        if symbol != Symbol(symbol.name, real=True):
            raise StatementError("make symbols with derive.ir.symbols", symbol=symbol.name)
        if symbol.name in seen:
            raise StatementError("is declared twice", symbol=symbol.name)
        seen.add(symbol.name)
    if auction.type.symbol not in declared:
        raise StatementError("is the hidden type and not declared as a parameter", symbol=auction.type.symbol.name)
    if auction.bid.domain or auction.bid.values:
        raise StatementError("only the reserve price bounds the bid", symbol=auction.bid.symbol.name)
    known = frozenset(declared)
    plain = known - {auction.type.symbol}
    for relation in auction.assumptions:
        require_exact(relation, plain, "the assumptions")
    require_exact(auction.bidders, plain, "the number of bidders")
    if auction.reserve is not None:
        require_exact(auction.reserve, plain, "the reserve price")
    allowed = known | {*reported}
    for item in auction.definitions:
        require_exact(item.value, allowed, f"the definition of {item.symbol}")
    return known


def _formats(auction: Auction, known: frozenset[Symbol]) -> None:
    if not auction.formats:
        raise StatementError("an auction needs a format")
    keys = [one.key for one in auction.formats]
    for key in keys:
        if keys.count(key) > 1:
            raise StatementError("is declared twice", protocol=key)
    for one in auction.formats:
        for value, what in ((one.win, "what the winner earns"), (one.lose, "what a loser earns")):
            try:
                require_exact(value, known | {auction.bid.symbol, auction.rival}, what)
            except StatementError as error:
                raise error.located(protocol=one.key) from None


def _law(auction: Auction, known: frozenset[Symbol]) -> None:
    law, type_ = auction.type.law, auction.type.symbol
    if not isinstance(law, Uniform | PowerDistribution):
        raise StatementError("the type is drawn from Uniform or PowerDistribution", symbol=type_.name)
    for value in vars(law).values():
        require_exact(value, known - {type_}, f"the law of {type_}")
    if refute(auction.assumptions) is not None:
        raise StatementError("the assumptions contradict each other")
    low, high = auction.support
    needed = [sympy.sympify(low) < high, sympy.sympify(auction.bidders) >= 2]
    if isinstance(law, PowerDistribution):
        needed.append(sympy.sympify(law.exponent) > 0)
    for relation in needed:
        if relation != sympy.true and (relation == sympy.false or prove(relation, auction.assumptions) is None):
            raise StatementError(f"the assumptions do not say that {relation}", symbol=type_.name)


def _claims(auction: Auction) -> None:
    keys = {one.key for one in auction.formats}
    for claim in auction.claims:
        for term in sorted(claim.asserts.atoms(At), key=str) if claim.asserts is not None else ():
            if str(term.args[1]) not in keys:
                raise StatementError(f"claim {claim.key} speaks of an unknown format", protocol=str(term.args[1]))


def validate_double_auction(auction: DoubleAuction) -> None:
    """Raises `StatementError` unless the statement is complete and exact."""
    try:
        declared = [p.symbol for p in auction.parameters]
        reported = [*(one.symbol for one in auction.variables), *(one.payoff for one in auction.players)]
        types = (auction.cost, auction.value)
        for symbol in (*declared, *reported):
            if symbol != Symbol(symbol.name, real=True):
                raise StatementError("make symbols with derive.ir.symbols", symbol=symbol.name)
            if (*declared, *reported).count(symbol) > 1:
                raise StatementError("is declared twice", symbol=symbol.name)
        plain = frozenset(declared) - {one.symbol for one in types}
        for one in types:
            if one.symbol not in declared:
                raise StatementError("is a hidden type and not declared as a parameter", symbol=one.symbol.name)
            if not isinstance(one.law, Uniform):
                raise StatementError("strategies are linear where types are uniform", symbol=one.symbol.name)
            for value in vars(one.law).values():
                require_exact(value, plain, f"the law of {one.symbol}")
            width = sympy.sympify(one.law.low) < one.law.high
            if width != sympy.true and prove(width, auction.assumptions) is None:
                raise StatementError(f"the assumptions do not say that {width}", symbol=one.symbol.name)
        for relation in auction.assumptions:
            require_exact(relation, plain, "the assumptions")
        require_exact(auction.weight, plain, "the weight")
        if auction.definitions:
            raise StatementError("a double auction has no definitions")
        if refute(auction.assumptions) is not None:
            raise StatementError("the assumptions contradict each other")
        for claim in auction.claims:
            for term in sorted(claim.asserts.atoms(At), key=str) if claim.asserts is not None else ():
                if str(term.args[1]) != "linear":
                    raise StatementError(f"claim {claim.key} speaks of an unknown equilibrium", protocol=str(term.args[1]))
    except StatementError as error:
        raise error.located(model=auction.key) from None
