"""Explanations: why a creator stands where it does, and what would move it."""
