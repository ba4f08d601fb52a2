"""Journals that were written by released versions, and the results that they must always replay to."""
