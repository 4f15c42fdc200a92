"""Search: a small language, an index on either database, excerpts with the words marked.

language (pure) → index (SQLite FTS5 or PostgreSQL tsvector) ← rows (what of a case is indexed);
excerpts (pure) shows where the words stand.
"""
