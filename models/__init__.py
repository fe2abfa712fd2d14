"""The statements: one folder per model, each with a `model.py` that builds one value and computes nothing."""
