"""Plain text from the JSON view of a solution (`derive.views.text.solution_data`). Needs no computing library."""

from __future__ import annotations

from typing import Any


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


def argument_lines(data: dict[str, Any]) -> list[str]:
    """The argument of one solution (as `solution_data` gives it), line by line."""
    lines = []
    for proposition in data["argument"]:
        lines += ["", f"{proposition['kind'].capitalize()} {proposition['label']}. {proposition['title']}".rstrip()]
        lines += [f"  {proposition['text']}"] if proposition["text"] else []
        for case in proposition["cases"]:
            where = ", ".join(case["region"]) or "always"
            lines.append(f"  {where}:")
            lines += [f"    {symbol} = {value}" for symbol, value in case["values"].items()]
        lines += [f"  moreover {fact}" for fact in proposition["facts"]]
        lines += ["  Proof."] if proposition["proof"] else []
        for step in proposition["proof"]:
            premises = f", by {', '.join(step['uses'])}" if step["uses"] else ""
            given = f", where {', '.join(step['given'])}" if step["given"] else ""
            lines.append(f"    [{step['label']}] {step['kind']}{premises}{given}")
            lines += [f"        {name}: {text}" for name, text in step["content"].items()]
    return lines[1:]
