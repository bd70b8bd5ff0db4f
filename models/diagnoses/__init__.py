"""Diagnoses of a brand's or a creator's pairs, what would settle them, and remedies."""
