"""Timelines of real runs: record spans, draw them, explore them with widgets.

Knows no notebook and no grader, and could be a package of its own.
"""
