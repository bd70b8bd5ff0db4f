"""Acceptance: how likely a creator says yes to a brand's invitation on its terms, how surely."""
