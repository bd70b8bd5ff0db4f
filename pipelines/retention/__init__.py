"""Retention: new followers of a session, and buyers who bought before."""

from pipelines.retention.columns import retention_columns

__all__ = ["retention_columns"]
