"""Plain text from the JSON view of a solution (`derive.views.text.solution_data`) or of what was explored
(`derive.views.explore.exploration_data`). Needs no computing library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any


def listed(words: Sequence[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f"{', '.join(words[:-1])} {word} {words[-1]}" if len(words) > 1 else "".join(words)


def results_lines(data: dict[str, Any]) -> list[str]:
    """The regimes of one solution (as `solution_data` gives it), line by line."""
    name = data["protocol"] + (f" with {data['instance']}" if data["instance"] else "")
    lines = [f"{name}:"]
    for regime in data["regimes"]:
        where = ", ".join(regime["region"]) or "all admissible parameters"
        binding = f"  (binding: {', '.join(regime['active'])})" if regime["active"] else ""
        lines.append(f"  regime {regime['name']}: {where}{binding}{_remark(regime)}")
        for item in regime["implicit"]:
            low, high = item["between"]
            lines.append(f"    {item['symbol']} in ({low}, {high}) solves {item['equation']}")
            for case in item.get("closed", ()):
                told = f", where {', '.join(case['region'])}" if case["region"] else ""
                lines.append(f"      that is {case['value']}{told}")
        lines += [f"    {symbol} = {value}" for symbol, value in regime["values"].items()]
    for gap in data["gaps"]:
        where = ", ".join(gap["region"]) or "all admissible parameters"
        lines.append(f"  no equilibrium given: {where}: {gap['reason'] or gap['kind']}")
    return lines + [f"  warning: {warning}" for warning in data["warnings"]]


def _remark(regime: dict[str, Any]) -> str:
    """What distinguishes a regime that is not one equilibrium of a game that is played."""
    parts = ["the game is not started"] if regime.get("outside") else []
    if regime.get("free"):
        parts.append(f"for every {', '.join(regime['free'])} with {', '.join(regime['among'])}")
    parts += ["not the only equilibrium"] if regime.get("unique") is False else []
    return f"; {'; '.join(parts)}" if parts else ""


# --- the exploration (as `exploration_data` gives it) ----------------------------------------------------------------


def exploration_lines(data: dict[str, Any]) -> list[str]:
    """The tables of comparative statics and the comparison of the protocols, line by line."""
    lines = []
    for table in data["statics"]:
        where = f": {', '.join(table['region'])}" if table["region"] else ""
        rows = sign_rows(table)
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        lines += [f"{table['protocol']}, regime {table['regime']}{where}"]
        lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines += [f"    {one['quantity']} in {one['parameter']}: {one['text']}" for one in table["effects"] if "text" in one]
        lines.append("")
    for order in comparisons(data):
        text = order_text(order)
        lines.append(f"{text}: {order['text']}" if "text" in order else text)
    lines += [left_text(data)] if data["left"] else []
    return [*lines, *(f"Warning: {refused}" for refused in data.get("refused", ()))]


def left_text(data: dict[str, Any]) -> str:
    """How many signs nobody looked for, since there are so many."""
    return f"Not looked at, beyond the number of signs that are looked for: {data['left']}."


def sign_rows(table: dict[str, Any]) -> list[list[str]]:
    """One table of signs with its head: a row per quantity, a column per parameter."""
    cells = {(one["quantity"], one["parameter"]): one["sign"] for one in table["effects"]}
    head = ["", *table["parameters"]]
    return [head] + [[quantity, *(cells[quantity, p] for p in table["parameters"])] for quantity in table["quantities"]]


def comparisons(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The orders, one entry for a quantity and a pair of protocols for all regimes that agree; ``regimes`` are pairs, none for all."""
    found: list[dict[str, Any]] = []

    def key(order: dict[str, Any]) -> tuple[Any, ...]:
        return (*order["protocols"], order["quantity"])

    for _, members in groupby(sorted(data["orders"], key=key), key=key):
        orders = list(members)
        same = {order["order"] for order in orders}
        if len(same) == 1 and "text" not in orders[0]:
            found.append({**orders[0], "regimes": []})
            continue
        alike: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for order in orders:
            alike.setdefault((order["order"], order.get("text", ""), *order.get("certificates", ())), []).append(order)
        found += [{**members[0], "regimes": [one["regimes"] for one in members]} for members in alike.values()]
    return found


def order_text(order: dict[str, Any]) -> str:
    """How a quantity compares between two protocols."""
    first, second = order["protocols"]
    pairs = [" with ".join(pair) for pair in order["regimes"] if any(pair)]
    regimes = f" (regimes {', '.join(pairs)})" if pairs else ""
    if order["order"] in ("depends", "not settled"):
        return f"{order['quantity']} under {first} and {second}{regimes}: {order['order']}"
    return f"{order['quantity']} under {first} {order['order']} {order['quantity']} under {second}{regimes}"


# --- what was verified (as `derive.check.summary` gives it) -----------------------------------------------------------

_COLUMNS = ("", "regions", "steps", "certificates", "choices", "at points", "attacked", "at borders", "others sought")


def checked_lines(data: Sequence[dict[str, Any]]) -> list[str]:
    """A table of what was verified, a line for each solution: steps replayed and certificates in them, choices held exactly against
    all others and at how many points, points attacked by brute force, and points at which other equilibria were looked for. Below
    it the steps by kind, and what rests on samples."""
    rows = [_COLUMNS, *(_checked(entry) for entry in data)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_COLUMNS))]
    table = [
        "  " + "  ".join(_set(cell, width, k) for k, (cell, width) in enumerate(zip(row, widths, strict=True))) for row in rows
    ]
    lines = [line.rstrip() for line in table]
    for entry in data:
        kinds = ", ".join(f"{count} {_words(kind)}" for kind, count in entry["steps"].items())
        lines += [f"  {_name(entry)}: {kinds}"] if kinds else []
        lines += [f"    the regions: {entry['regions']}"] if entry.get("regions") else []
        lines += [_listed(entry["active sets"])] if entry.get("active sets") else []
        lines += [f"    bounds of single choices: {entry['bounds']}, each a case, or shown never to bind"] if entry.get("bounds") else []
        lines += [f"    on samples: {what}" for what in entry.get("samples", ())]
    return lines


def _listed(sets: dict[str, int]) -> str:
    return (
        f"    active sets of strictly concave problems, listed again: {sets['sets']} of {sets['problems']}, {sets['cases']} cases "
        f"among them; at {sets['points']} points, exactly, the one that passes is a case"
    )


def _checked(entry: dict[str, Any]) -> tuple[str, ...]:
    exact, attacked = entry.get("exact") or {}, entry.get("attacked") or {}
    counts = (
        exact.get("choices"),
        exact.get("points"),
        attacked.get("points"),
        attacked.get("borders"),
        entry.get("elsewhere"),
    )
    regions, steps = entry["regimes"] + entry["gaps"], sum(entry["steps"].values())
    return (_name(entry), *(str(n) for n in (regions, steps, entry["certificates"])), *(str(n) if n else "-" for n in counts))


def _set(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)


def _name(entry: dict[str, Any]) -> str:
    return str(entry["protocol"]) + (f" with {entry['instance']}" if entry["instance"] else "")


def _words(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
