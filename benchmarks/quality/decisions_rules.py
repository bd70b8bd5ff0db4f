"""Diagnoses beside rules of thumb: two raw numbers compared, a creator's pooled rate."""

from typing import Final

import numpy as np
import pandas as pd

from benchmarks.quality.decisions_diagnosis import Mask, Verdicts, log_score, score, verdicts
from experiments.world.truth import Truth, true_rates
from features.pairs import level_counts
from models.matrix.matrix import AllianceMatrix
from models.prediction import Floats, Target
from pipelines.grid import Known

RAW, POOLED = "raw", "pooled"
RULES: Final = {
    RAW: "the pair's own raw rate against the benchmark",
    POOLED: "the creator's rate over all goods against it",
}
BRAND, PRODUCT, TRAFFIC, PRODUCT_TRAFFIC = "brand", "product", "traffic", "product_traffic"
CASES: Final = {
    BRAND: "conversion, brand x creator",
    PRODUCT: "conversion, creator x product",
    TRAFFIC: "impressions, brand x creator",
    PRODUCT_TRAFFIC: "impressions, creator x product",
}


def diagnosis_numbers(
    matrix: AllianceMatrix,
    truth: Truth,
    benchmarks: "pd.Series[float]",
    known: Known,
) -> dict[str, float]:
    """Scores of one world by 'diagnosis/case/who/measure'.

    A rule says high or low of every pair with a click (or a line), whatever the doubt, and
    nothing of the others. It has no probability: for its log score it is given in hindsight
    those that suit it best, the shares that turned out right. `forced` is the accuracy of ours
    on the pairs that the rule decides, were it to decide all of them.
    """
    told = verdicts(matrix, truth, benchmarks)
    sold = product_verdicts(matrix, truth, benchmarks)
    cases = {BRAND: told["conversion"], TRAFFIC: told["impressions"], **sold}
    numbers: dict[str, float] = {}
    for case, verdict in cases.items():
        whole = score(verdict)
        numbers |= {
            f"diagnosis/{case}/ours/{name}": float(getattr(whole, name))
            for name in ("pairs", "above", "log_score", "decided", "accuracy")
        }
        numbers[f"diagnosis/{case}/nothing/log_score"] = whole.log_score_of_share
    for case, rows in raw_rates(matrix, known).items():
        # the same rows as the verdicts', which leave out what cannot be judged
        judged = rows[rows["brand_id"].isin(benchmarks.dropna().index) & rows["said"].notna()]
        if len(judged) != len(cases[case]):
            raise ValueError(f"{len(judged)} rates do not fit {len(cases[case])} diagnoses")
        for rule in RULES:
            numbers |= {
                f"diagnosis/{case}/{rule}/{name}": value
                for name, value in rule_numbers(
                    cases[case],
                    judged[rule].to_numpy(np.float64),
                    judged["benchmark"].to_numpy(np.float64),
                ).items()
            }
    return numbers


def raw_rates(matrix: AllianceMatrix, known: Known) -> dict[str, pd.DataFrame]:
    """Of each pair, and of each of its products: raw rates (decayed sums) beside the benchmark."""
    offers = matrix.offers
    assert offers is not None
    lengths = np.diff(offers.start)
    some = lengths > 0
    owner = np.repeat(np.arange(len(matrix)), lengths)
    first = np.zeros(len(matrix), dtype=np.intp)
    first[some] = offers.start[:-1][some]
    tables = known.products.tables
    creator_at = tables.creators.index.get_indexer(
        pd.Index(matrix.creators["creator_id"].astype(str))
    )
    item_at = tables.items.index.get_indexer(pd.Index(matrix.products["product_id"].astype(str)))
    brand_ids = matrix.brands["brand_id"].astype(str).to_numpy()
    made = {}
    for case, rows, products, own, said in (
        (BRAND, np.arange(len(matrix)), offers.product[first], "creator_brand", matrix.columns),
        (PRODUCT, owner, offers.product, "pair", offers.columns),
    ):
        counts = level_counts(
            tables,
            Target.CONVERSION.value,
            creator_at[matrix.columns["creator_id"][rows]],
            item_at[products],
        )
        rates = {}
        for rule, level in ((RAW, own), (POOLED, "creator")):
            k, n = counts[level]
            rates[rule] = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
        made[case] = pd.DataFrame(
            {
                "brand_id": brand_ids[matrix.columns["brand_id"][rows]],
                "said": np.where(some[rows], said["p_above_benchmark"], np.nan),
                "benchmark": matrix.columns["benchmark_rate"][rows],
                **rates,
            }
        )
    return made


def rule_numbers(told: Verdicts, rate: Floats, benchmark: Floats) -> dict[str, float]:
    """Log score in hindsight, share decided and accuracy of `rate > benchmark`; ours beside it."""
    decided = ~(np.isnan(rate) | np.isnan(benchmark))
    high = decided & (rate > benchmark)
    right = np.where(high, told.above, ~told.above)[decided]
    ours = ((told.p > 0.5) == told.above)[decided]
    some = bool(decided.any())
    return {
        "log_score": log_score(in_hindsight(told.above, decided, high), told.above),
        "decided": float(decided.mean()),
        "accuracy": float(right.mean()) if some else float("nan"),
        "forced": float(ours.mean()) if some else float("nan"),
        "log_score_of_ours": log_score(told.p, told.above),
    }


def in_hindsight(above: Mask, decided: Mask, high: Mask) -> Floats:
    """The share truly above among those told high, told low, and not told.

    >>> above = np.array([True, True, False, False])
    >>> in_hindsight(above, np.array([True, True, True, False]), above).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    p = np.zeros(len(above))
    for group in (high, decided & ~high, ~decided):
        if group.any():
            p[group] = above[group].mean()
    return p


def product_verdicts(
    matrix: AllianceMatrix, truth: Truth, benchmarks: "pd.Series[float]"
) -> dict[str, Verdicts]:
    """Every offer: its true conversion and impressions against the benchmarks of its brand."""
    offers = matrix.offers
    if offers is None:
        raise ValueError("only a matrix with offers tells of single products")
    owner = np.repeat(np.arange(len(matrix)), np.diff(offers.start))
    creator = matrix.creators["creator_id"].to_numpy(dtype=str)[matrix.columns["creator_id"][owner]]
    product = matrix.products["product_id"].to_numpy(dtype=str)[offers.product]
    true = true_rates(truth, creator, product)
    brand = matrix.brands["brand_id"].astype(str).to_numpy()[matrix.columns["brand_id"][owner]]
    against = {
        PRODUCT: benchmarks.reindex(brand).to_numpy(np.float64),
        PRODUCT_TRAFFIC: matrix.columns["benchmark_impressions"][owner].astype(np.float64),
    }
    met = np.asarray(offers.columns["evidence_sessions"]) > 0
    found = {}
    for name, column, values in (
        (PRODUCT, "p_above_benchmark", true["conversion"]),
        (PRODUCT_TRAFFIC, "p_impressions_above_benchmark", true["impressions"]),
    ):
        p = np.asarray(offers.columns[column], dtype=np.float64)
        kept = ~(np.isnan(p) | np.isnan(against[name]))
        found[name] = Verdicts(p, values > against[name], met, creator).take(kept)
    return found
