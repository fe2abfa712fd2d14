"""What the engine and the evaluators cost, measured. `make bench` runs it; no test is timed by it."""
