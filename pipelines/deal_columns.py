"""Columns of a pair's deal: the terms that its profit was reckoned with."""

from models.matrix_columns import TERMS
from models.money import DealInputs
from pipelines.columns import Columns
from pipelines.snapshot import Positions


def deal_columns(deal: DealInputs, best: Positions) -> Columns:
    """`TERMS` of the best product of each pair; nan where unknown."""
    given = {name: getattr(deal, name) for name in TERMS}
    return {name: values[best] for name, values in given.items() if values is not None}
