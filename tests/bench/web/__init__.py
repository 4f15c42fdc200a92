"""What visitors see of pages loading (`python -m tests.bench.web`), and what `tests.bench.pages`
and `tests.bench.http` measure by."""
