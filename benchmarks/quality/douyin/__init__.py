"""Conversion of products in a real Douyin export: forecasts held out, and what repeats."""
