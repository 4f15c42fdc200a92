"""Drafts on the desk: a request for authorization or a draft denial, read without Django.

`files` gives the text of a file (in the reading process), `requests` the treatment requests of a
text, `cited` its citations and quotations, `editions` and `guideline_pages` what is wrong with
one, `deciding` the sentence of a rationale that decides.
"""
