"""Verifiers of relations that certificates show: between parameters, or between named quantities by what these stand for."""

from __future__ import annotations

import sympy

from derive.certificates import Certificate
from derive.check import certificates, fractions
from derive.check.coalition_base import Context, Rejected, facts, require, slack, strict, written_out
from derive.check.zero import Undecided, is_zero
from derive.coalition import steps as kinds
from derive.steps import Sign, Step


def sign(step: Sign, context: Context) -> None:
    require(slack(step.certificate.claim) == slack(step.relation), "the certificate is for another relation")
    require(strict(step.certificate.claim) or not strict(step.relation), "the certificate does not exclude equality")
    _certified(step.certificate, step, context)


def comparison(step: kinds.Comparison, context: Context) -> None:
    """The relation with the values of the named quantities put in is a positive multiple of what the certificate shows."""
    claim = step.certificate.claim
    require(getattr(step.relation, "rel_op", "") in (">=", ">", "<=", "<"), "not a comparison")
    require(strict(claim) or not strict(step.relation), "the certificate does not exclude equality")
    _certified(step.certificate, step, context)
    if step.positivity is not None:
        _certified(step.positivity, step, context)
        require(step.positivity.claim == (step.scale > 0), "the scale is not shown to be positive")
    else:
        require(step.scale == 1, "nothing shows the scale to be positive")
    difference = slack(written_out(step.relation, context.game)) - step.scale * slack(claim)
    bases = {power.base for power in difference.atoms(sympy.Pow) if not power.exp.is_Integer}
    try:
        equal = is_zero(difference, sorted(bases, key=str))
    except Undecided as reason:
        raise Rejected(f"the certificate is not seen to be for this relation: {reason}") from reason
    require(equal, "the certificate is for another relation")


def _certified(certificate: Certificate, step: Step, context: Context) -> None:
    """The certificate holds and assumes nothing but what is given, with the values of named quantities put in."""
    given = {written_out(one, context.game) for one in facts((*context.assumptions, *step.given))}
    require(facts(certificate.given) <= given, "the certificate assumes what is not given")
    try:
        certificates.check(certificate)
    except fractions.Rejected as reason:
        raise Rejected(f"the certificate fails: {reason}") from reason
