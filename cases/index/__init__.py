"""The index: facts of cases, issues and citations as bitmaps, held by each process.

rows (database → facts) → space (facts by value, columns by key) → index (a question → the keys
that match) → order (keys in the order of a list), counts (facets, comparison). `current` gives the
index as the database stands now: it loads what `changes` says is newer, and starts from the file
that `snapshot` keeps. See docs/decisions/0016-index.md.
"""
