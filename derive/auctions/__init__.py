"""Auctions among bidders alike: first-price, second-price, all-pay, and what lies between, with a reserve price; tenders.

The engine is imported on first use, so that whoever needs the vocabulary alone (statements, steps) does not load it.
"""

from typing import Any

from derive.auctions.ir import Auction, Earner, Format

__all__ = ["Auction", "Earner", "Format", "derive_auction"]


def __getattr__(name: str) -> Any:
    if name == "derive_auction":
        from derive.auctions.derive import derive_auction

        return derive_auction
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
