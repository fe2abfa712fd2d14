"""Games that the tests share: the prisoner's dilemma in symbols, and arrangements of it."""

from __future__ import annotations

from sympy import Integer, Rational, Symbol

from derive.ir import Parameter, symbols
from derive.repeated import Automaton, Commitment, Play, RepeatedGame, Reputation, StageGame

T, R, P, S, delta, p, N = symbols("T R P S delta p N")
star, holds, v_1, v_2, k, m = symbols("star holds v_1 v_2 k m")
C, D = "C", "D"
AXELROD = {T: Integer(5), R: Integer(3), P: Integer(1), S: Integer(0)}
TEXTBOOK = {T: Integer(4), R: Integer(3), P: Integer(0), S: Integer(-1)}
DILEMMA = (T > R, R > P, P > S, T + S < 2 * R)
PRIOR = (p > 0, p < 1)

PRISONERS = StageGame(
    ("one", "two"),
    ((C, D), (C, D)),
    (((C, C), (R, R)), ((C, D), (S, T)), ((D, C), (T, S)), ((D, D), (P, P))),
)


def game(*protocols: object, more: tuple[Symbol, ...] = (), stage: StageGame = PRISONERS, **changes: object) -> RepeatedGame:
    """The dilemma with these arrangements; `more` are further parameters."""
    declared = tuple(Parameter(symbol, "a parameter") for symbol in (T, R, P, S, delta, *more))
    known: dict[str, object] = {
        "key": "dilemma", "title": "Dilemma", "source": "test", "parameters": declared,
        "assumptions": DILEMMA + (PRIOR if p in more else ()) + ((N >= 1,) if N in more else ()),
        "stage": stage, "protocols": protocols, "discount": delta,
    }  # fmt: skip
    return RepeatedGame(**{**known, **changes})  # type: ignore[arg-type]


def both(automaton: Automaton, concept: str = "subgame_perfect", key: str = "play") -> Play:
    """Both players follow the automaton; everything is reported."""
    return Play(key, "A profile", (automaton, automaton), concept, star, holds, (v_1, v_2))


def reputation(automaton: Automaton, stages: object, sides: int = 1, at: dict[Symbol, Rational] | None = None) -> Reputation:
    """One player, or both, perhaps committed with probability p."""
    committed = tuple(Commitment(name, automaton, p) for name in PRISONERS.players[:sides])
    values = tuple((at or {}).items())
    return Reputation("reputation", "Reputation", stages, committed, (C, C), values, star, k, m, holds)  # type: ignore[arg-type]
