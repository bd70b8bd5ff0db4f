"""Complete Journey: a year of real grocery receipts read as if its shops were creators.

These are shops, not creators: a store stands for a selling channel, a week of it for a session,
its baskets for viewers, a manufacturer for a brand. What is derived is said in the notes.
"""

from pipelines.sources.complete_journey.tables import read

__all__ = ["read"]
