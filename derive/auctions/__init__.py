"""Auctions among bidders alike: first-price, second-price, all-pay, and what lies between, with a reserve price; tenders;
double auctions of one seller and one buyer.

The engine is imported on first use, so that whoever needs the vocabulary alone (statements, steps) does not load it.
"""

from typing import Any

from derive.auctions.ir import Auction, DoubleAuction, Earner, Format

__all__ = ["Auction", "DoubleAuction", "Earner", "Format", "derive_auction", "derive_double_auction"]


def __getattr__(name: str) -> Any:
    if name == "derive_auction":
        from derive.auctions.derive import derive_auction

        return derive_auction
    if name == "derive_double_auction":
        from derive.auctions.double import derive_double_auction

        return derive_double_auction
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
