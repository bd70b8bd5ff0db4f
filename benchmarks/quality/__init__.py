"""How good the forecasts are, against named peers and known truth: `make quality`."""
