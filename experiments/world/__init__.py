"""A simulated live-commerce world whose truth is known."""
