"""Readings become cases."""
