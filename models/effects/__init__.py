"""Effects: what creator, item and their fit each add to a rate, told apart by likelihood."""

from models.effects.effects import EFFECT_FEATURES, Effects, fit_effects

__all__ = ["EFFECT_FEATURES", "Effects", "fit_effects"]
