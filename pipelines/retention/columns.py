"""What is expected of retention: new followers of a session, and buyers who bought before.

Both are learned when the matrix is filled, from what was known before its date: windows of the
past teach and the last of them calibrates, so that intervals hold for a window to come.
"""

from datetime import date

import pandas as pd

from features.facts import Facts
from features.tables import FeatureTables
from models.prediction import Forecast, Target
from models.predictors.pair_rate import PairRatePredictor
from models.predictors.volume_rate import VolumeRatePredictor
from pipelines.columns import Columns, three
from pipelines.grid import taken
from pipelines.retention.buyers import Buyers
from pipelines.retention.followers import Followers
from pipelines.retention.rows import windows_of_rows
from pipelines.snapshot import Positions


def retention_columns(
    columns: Columns, facts: Facts, tables: FeatureTables, as_of: date
) -> tuple[Columns, dict[str, str]]:
    """`new_followers` of each pair's creator and `repurchase_rate` of its best product.

    With their intervals; and why either is null.
    """
    made: Columns = {}
    absent: dict[str, str] = {}
    creators = tables.creators.index.get_indexer(pd.Index(columns["creator_id"], dtype="str"))
    if facts.has("sessions", "new_followers"):
        expected = new_followers(facts, tables, as_of)
        made |= three("new_followers", taken(expected, creators))
    else:
        absent["new_followers"] = "no session tells how many began to follow"
    if not _counts_buyers(facts):
        absent["repurchase_rate"] = "the source does not count buyers and repeat buyers"
    elif "best_product_id" in columns:
        items = tables.items.index.get_indexer(pd.Index(columns["best_product_id"], dtype="str"))
        made |= three("repurchase_rate", repurchase(facts, tables, as_of, creators, items))
    return made, absent


def _counts_buyers(facts: Facts) -> bool:
    lines = "session_products"
    return facts.has(lines, "buyers") and facts.has(lines, "repeat_buyers")


def new_followers(facts: Facts, tables: FeatureTables, as_of: date) -> Forecast:
    """Of one session of every candidate on the mean of many, (creators,)."""
    seen = Followers.before(facts, tables, as_of)
    learn, calibrate = windows_of_rows(facts, as_of, seen.happened)
    predictor = VolumeRatePredictor(Target.NEW_FOLLOWERS).fit(learn).calibrate(calibrate)
    return predictor.predict(seen.known(as_of))


def repurchase(
    facts: Facts, tables: FeatureTables, as_of: date, creators: Positions, items: Positions
) -> Forecast:
    """Share of these pairs' buyers who had bought before."""
    seen = Buyers.before(facts, tables, as_of)
    learn, calibrate = windows_of_rows(facts, as_of, seen.happened)
    predictor = PairRatePredictor(Target.REPURCHASE).fit(learn).calibrate(calibrate)
    return predictor.predict(seen.known(as_of, creators, items))
