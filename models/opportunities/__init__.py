"""Opportunities: which brands' products a creator would earn most with, and who would want it.

The creator's view: nothing of a brand's books is in it (docs/opportunities.md says what that is).
"""

from models.opportunities.listing import opportunities
from models.opportunities.rows import Opportunities, Opportunity

__all__ = ["Opportunities", "Opportunity", "opportunities"]
