"""Shortlists: a brand's creators filtered and ranked, with reasons, and two lists compared."""
