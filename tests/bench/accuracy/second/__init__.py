"""A second author's letters: the same formats with words and habits of their own.

Written from the description of the formats alone, with nothing of the first author's phrases, so
that a parser fitted to one of the two is found out by the other.
"""
