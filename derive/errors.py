"""What can be wrong with a statement, and what the engine declines: exceptions that are one line naming where.

`StatementError` is for input that says something ill-posed; `Refusal` for a well-posed statement that the engine does not
answer (no pure equilibrium, a continuum, unbounded, infeasible, beyond its means), with the true reason; `Rejection` for a
derivation that the checker does not accept. Any may be raised without knowing where in the statement one is: an outer pass
adds what it knows with `located`.
"""

from __future__ import annotations

from typing import Self


class _Located(Exception):
    """A one-line message and the place in a statement it speaks of; fields not known are empty."""

    FIELDS = ("file", "model", "protocol", "stage", "player", "symbol")

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        model: str = "",
        protocol: str = "",
        stage: str = "",
        player: str = "",
        symbol: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.model = model
        self.protocol = protocol
        self.stage = str(stage)
        self.player = player
        self.symbol = str(symbol)

    def place(self) -> dict[str, str]:
        """The fields that are known, in a fixed order."""
        return {name: getattr(self, name) for name in self.FIELDS if getattr(self, name)}

    def located(self, **known: str) -> Self:
        """The same exception with fields filled in where they were empty; what is known already stays."""
        return type(self)(self.message, **{**known, **self.place()})

    def __str__(self) -> str:
        place = self.place()
        file = place.pop("file", "")
        parts = [f"{name} {value}" for name, value in place.items()]
        head = ", ".join(parts)
        text = " ".join(self.message.split())
        return ": ".join(part for part in (file, head, text) if part)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.place())


def _rebuild(kind: type[_Located], message: str, place: dict[str, str]) -> _Located:
    return kind(message, **place)


class StatementError(_Located):
    """The statement is ill-posed. The command line prints it as one line and exits with 2."""


class Refusal(_Located):
    """The statement is well-posed and the engine declines to answer it, for the reason given."""


class Degenerate(Refusal):
    """Equations have no one solution where a quantity that is not to be solved for, ``quantity = 0``, vanishes."""

    def __init__(self, message: str, *, quantity: object = None, **place: str) -> None:
        super().__init__(message, **place)
        self.quantity = quantity

    def located(self, **known: str) -> Refusal:  # type: ignore[override]
        """A refusal like any other: where it stands, the quantity is of no more use."""
        return Refusal(self.message, **{**known, **self.place()})


class Rejection(_Located):
    """A derivation was found and the independent checker does not accept it: nothing of it is written."""
