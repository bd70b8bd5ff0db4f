"""Deals: what an offer to a creator is worth, how likely it loses money, and which terms to try."""
