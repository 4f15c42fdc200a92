"""What each page costs with a thousand cases and with a hundred thousand, on both databases, and
whether its numbers are exact.

`python -m tests.bench.scale` (or `make bench`; `N=1000000` for a million). All sizes are asked in
turn, page by page, in one run, so that whatever else the machine does slows all alike. Then
`exact` compares what pages serve with what plain SQL counts: `truth` reads the tables, `terms` the
texts, `combinations` draws what to ask, `served` reads the pages; `lists.toml` says what there is.
"""
