"""Peers that need an environment of their own (`make peers`): numpy arrays in, scores out."""
