"""The peers that our forecasts are compared with, each on the input it is made for."""
