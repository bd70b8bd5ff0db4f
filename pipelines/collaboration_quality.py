"""How well collaborations are ranked, by the name that training knows it by."""

from pipelines.collaborations import collaboration_quality

__all__ = ["collaboration_quality"]
