"""Evaluators of the derived models: `derive.generated.<key>`. Written by `make derive`; do not edit."""
