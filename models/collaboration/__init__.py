"""Who would collaborate with whom, learned from past collaborations and given vectors."""
