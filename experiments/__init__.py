"""How we know it works: simulated worlds with a known truth, metrics, leaderboards."""
