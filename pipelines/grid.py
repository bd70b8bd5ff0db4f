"""The grid: forecasts of brand x creator x product in blocks, reduced to one row per pair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from features.contract import Denominator
from features.peers import PeerBenchmarks, creator_peers
from models.bundle import AllianceModel
from models.money import DealInputs, Money, deal_money
from models.prediction import Floats, Forecast, PairRows, Target
from models.segments import mean_rate, segment_best
from pipelines.snapshot import Positions, Snapshot
from pipelines.terms import Terms

ROWS_PER_BLOCK = 150_000


@dataclass(frozen=True)
class Known:
    """What the grid is scored from: products as of the date, brands too where they are counted."""

    products: Snapshot
    brands: Snapshot | None
    terms: Terms
    denominator: Denominator | None

    @cached_property
    def peers(self) -> PeerBenchmarks:
        """What creators of each kind convert, counted where a pair's conversion is read."""
        return creator_peers(self.brands.tables) if self.brands else self.product_peers

    @cached_property
    def product_peers(self) -> PeerBenchmarks:
        """The same, counted by product."""
        return creator_peers(self.products.tables)


@dataclass(frozen=True)
class BrandCandidates:
    """One brand's part of the grid: positions in the snapshot's creators and items."""

    brand_id: str
    creators: Positions
    items: Positions


@dataclass(frozen=True)
class Block:
    """Some brands' rows: (pair, product) rows grouped by pair, pairs grouped by brand."""

    pair_brand: npt.NDArray[np.object_]  # (pairs,) brand ids
    pair_creator: Positions  # (pairs,)
    creators: Positions  # (rows,)
    items: Positions  # (rows,)
    starts: Positions  # (pairs,) first row of each pair


@dataclass(frozen=True)
class ScoredBlock:
    """Forecasts of a block: of every row, and the row of each pair's best product."""

    conversion: Forecast
    best: Positions
    rows: Mapping[Target, PairRows]
    """What each target was forecast from."""
    forecasts: Mapping[Target, Forecast]
    deal: DealInputs
    money: Money
    features: npt.NDArray[np.float32]


def blocks(brands: Sequence[BrandCandidates]) -> Iterator[Block]:
    """Brands cut into blocks of about ROWS_PER_BLOCK (pair, product) rows."""
    waiting: list[BrandCandidates] = []
    rows = 0
    for brand in brands:
        waiting.append(brand)
        rows += len(brand.creators) * len(brand.items)
        if rows >= ROWS_PER_BLOCK:
            yield block(waiting)
            waiting, rows = [], 0
    if waiting:
        yield block(waiting)


def block(brands: Sequence[BrandCandidates]) -> Block:
    """The rows of these brands; each has at least one creator and one item."""
    lengths = np.concatenate([np.full(len(b.creators), len(b.items)) for b in brands])
    return Block(
        pair_brand=np.concatenate([np.full(len(b.creators), b.brand_id, object) for b in brands]),
        pair_creator=np.concatenate([b.creators for b in brands]),
        creators=np.concatenate([np.repeat(b.creators, len(b.items)) for b in brands]),
        items=np.concatenate([np.tile(b.items, len(b.creators)) for b in brands]),
        starts=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp),
    )


def scored_block(rows: Block, known: Known, model: AllianceModel) -> ScoredBlock:
    """Every forecast of the block's rows, and the best product of each pair."""
    snapshot = known.products
    features = snapshot.features(rows.creators, rows.items)
    pair_rows: dict[Target, PairRows] = {
        target: snapshot.rows(target, rows.creators, rows.items, features)
        for target in model.predictors
        if target is not Target.BRAND_CONVERSION
    }
    forecasts: dict[Target, Forecast] = {
        target: model.predictors[target].predict(of) for target, of in pair_rows.items()
    }
    conversion = forecasts.get(Target.CONVERSION) or unknown(len(rows.creators))
    deal = deal_inputs(rows, known, conversion, forecasts)
    money = deal_money(deal)
    worth = next(
        (m.mean for m in (money.net_gmv, money.gmv) if not np.isnan(m.mean).all()),
        conversion.mean,
    )
    return ScoredBlock(
        conversion=mean_rate(conversion, rows.starts),
        best=segment_best(worth, rows.starts),
        rows=pair_rows,
        forecasts=forecasts,
        deal=deal,
        money=money,
        features=features,
    )


def deal_inputs(
    rows: Block, known: Known, conversion: Forecast, forecasts: Mapping[Target, Forecast]
) -> DealInputs:
    """What the money of each row follows from."""
    items = known.products.tables.items

    def of_items(name: str) -> Floats:
        return items[name].to_numpy(dtype=np.float64)[rows.items]

    return DealInputs(
        denominator=known.denominator,
        conversion=conversion,
        order_value=of_items("order_value"),
        impressions=forecasts.get(Target.EXPOSURE),
        click_through=forecasts.get(Target.CLICK_THROUGH),
        traffic=forecasts.get(Target.TRAFFIC),
        return_rate=forecasts.get(Target.RETURN),
        margin_rate=of_items("margin_rate"),
        commission_rate=known.terms.commission_rate(rows.creators, rows.items),
        return_handling_rate=of_items("return_handling_rate"),
        slot_fee=known.terms.slot_fee(rows.creators, rows.items),
        sample_cost=of_items("sample_cost"),
    )


def taken(forecast: Forecast, rows: npt.NDArray[np.intp]) -> Forecast:
    """The forecast of some rows only."""
    return Forecast(
        forecast.mean[rows],
        forecast.lo80[rows],
        forecast.hi80[rows],
        forecast.spread[rows],
        forecast.wild,
        None if forecast.shared is None else forecast.shared[rows],
    )


def unknown(n: int) -> Forecast:
    """A forecast of which nothing is known."""
    nan = np.full(n, np.nan)
    return Forecast(nan, nan, nan, nan)
