"""A remedy in words, as tables and charts tell it."""

from models.diagnoses.remedies import Remedy


def remedy_words(remedy: Remedy) -> str:
    """Where it stands, in one line; empty where there is none."""
    if remedy.state is None:
        return ""
    words = [remedy.state]
    if remedy.tried:
        words.append(f"tried {', '.join(remedy.tried)}")
    if remedy.look_on is not None:
        words.append(f"look again from {remedy.look_on}")
    if remedy.next_rung is not None:
        words.append(f"next {remedy.next_rung}")
    return "; ".join(words)
