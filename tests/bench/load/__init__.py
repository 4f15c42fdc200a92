"""Many people at work while letters come in: `python -m tests.bench.load`."""
