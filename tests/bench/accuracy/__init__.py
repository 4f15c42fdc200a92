"""Facsimile letters of our own with their truth, and how much of it the parser reads right.

The generator knows DOMAIN's formats and CONTRACT's record, never the parser: beyond the formats'
fixed words it uses its own.
"""
