"""Stages and protocols: simultaneous decisions, backward induction, and the equilibrium that is reported."""
