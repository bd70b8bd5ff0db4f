"""What was learned of collaborations, by the name that training knows it by."""

from pipelines.collaborations import LearnedCollaborations, learned_collaborations

__all__ = ["LearnedCollaborations", "learned_collaborations"]
