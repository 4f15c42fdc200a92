"""What `tests.bench.pages` and `tests.bench.http` measure by."""
