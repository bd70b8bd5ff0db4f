"""Portfolio: which creators a brand should ask together, and what each adds to the others."""
