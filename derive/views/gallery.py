"""The page that tells which classic models the engine solves. Needs no computing library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from derive.system.store import Result

_HEAD = """# The gallery

Classic models with published solutions, each stated in `models/gallery/<model>/model.py` and derived from its statement alone.
`make gallery` derives them and writes this page; the tests hold every formula, region, number and claim against the literature.

| model | protocols: regimes | regions without an equilibrium | claims | certificates |
|---|---|---|---|---|
"""


def gallery_page(titles: Mapping[str, str], results: Mapping[str, Result], failures: Mapping[str, str]) -> str:
    """A Markdown page: one line per model, then what is refused and why. `titles` are all models by key, in their order."""
    rows = [_row(key, title, results[key]) for key, title in titles.items() if key in results]
    refused = [f"- {titles[key]} (`{key}`): {message}" for key, message in failures.items()]
    page = _HEAD + "\n".join(rows) + "\n"
    if refused:
        page += "\nRefused:\n\n" + "\n".join(refused) + "\n"
    return page


def _row(key: str, title: str, result: Result) -> str:
    solutions = [s for name, text in result.files.items() if name.endswith("solution.json") for s in json.loads(text)]
    regimes = ", ".join(f"{_name(s)}: {len(s['regimes'])}" for s in solutions)
    gaps = ", ".join(dict.fromkeys(gap["kind"].replace("_", " ") for s in solutions for gap in s["gaps"]))
    kinds: Counter[str] = Counter()
    for solution in solutions:
        kinds.update(solution["certificates"])
    certificates = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    audits = [json.loads(text) for name, text in result.files.items() if name.endswith("audit.json")]
    verdicts = Counter(claim["verdict"] for audit in audits for claim in audit["claims"])
    judged = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    return f"| {title} (`{key}`) | {regimes} | {gaps} | {judged} | {certificates} |"


def _name(solution: Mapping[str, str]) -> str:
    return solution["protocol"] + (f" ({solution['instance']})" if solution["instance"] else "")
