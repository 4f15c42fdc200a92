"""Made-up determinations for load tests and benchmarks: `manage.py synthesize`.

phrases (a template language) and the two TOML files of words → letters (a seed and a number →
a Letter, pure) → drafts (records of them, pure) → storing (drafts → rows, in bulk); claims (a seed
and a number → what staff would have entered). What other apps add to the made-up cases they add on
`cases.signals.cases_synthesized`.
"""
