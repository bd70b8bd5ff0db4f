"""Real forecasts on Complete Journey: ours, our baselines and every peer on the same weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from benchmarks.quality.decidable import OUTCOMES, decidable
from benchmarks.quality.journey import (
    DATA,
    FINAL,
    TUNE,
    Journey,
    Judge,
    Split,
    brand_rate,
    final_judge,
    journey,
    rows,
)
from benchmarks.quality.journey_views import (
    as_forecasts,
    drawn_differences,
    gains_table,
    metrics_of,
)
from benchmarks.quality.looks import looks_in_words
from benchmarks.quality.peers.compare import (
    CALIBRATED,
    NOT_WORSE,
    OURS,
    compare,
    described,
    not_beaten,
    not_worse,
    peer_table,
)
from benchmarks.quality.peers.forecasts import PeerForecast, peers
from benchmarks.quality.peers.our_features import GROWN, boosters
from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section, absent
from features.daily import daily_facts
from features.errors import NotReady
from features.facts import Facts
from models.prediction import Floats, PairRows, Predictor, Target, concatenate
from models.predictors.boosted import BoostedPredictor
from models.predictors.registry import PREDICTORS
from pipelines.home import Home
from pipelines.ingest import ingest
from pipelines.progress import Progress, silent
from pipelines.settings import LEARNED
from pipelines.store import read_facts

NAME: Final = "complete-journey"
TITLE: Final = "Real sales: Complete Journey"
ROUNDS: Final = 300
"""Trees of ours, chosen on weeks 29-40: the windows learned from overlap, so that none of them is
later data by which to stop early."""
DRAWS, SMALL_DRAWS = 1000, 50
SMALL_OUTCOMES: Final = 2
GOALS: Final = {"ndcg": (0.550, 0.555), "log_loss": (0.04101, 0.04097), "new_ndcg": (0.31, 0.325)}

HEAD: Final = """
Receipts of a retailer for a year: {brands} brands with at least 150 baskets by week 40, {stores}
stores. A forecast says, of the store's baskets in weeks 41-53, in what share the brand is. Features
are as of the end of week 40; learned from weeks 17-28, 23-34 and 29-40 as of weeks 16, 22 and 28.
Judged on {judged} stores with at least 20 baskets. nDCG@10 ranks a brand's stores by the realised
rate (mean over {ranked} brands); log-loss is in thousandths of a nat a basket. *New* are pairs
without a sale by week 40. All that could be chosen (features, half-lives, trees, settings of the
peers) was chosen on weeks up to 40: on weeks 29-40, learned as of weeks 16 and 22; how trees draw
their features and what stands beside them, how it is told what audiences buy elsewhere, what a
store's brands share, what is believed of stores new or hardly known and how steep forecasts
are, on earlier splits as well.
"""
PEERS_TEXT: Final = """What each reads, and how many settings of it were tried on weeks 29-40 (all
in `benchmarks/quality/peers/tried.csv`, made anew by `make tune-peers`). {calibrated}"""
SMALL: Final = "A quick run: learned as of weeks 16 and 22 and judged on weeks 29-40. No claims."


@dataclass(frozen=True)
class Ours:
    """Forecasts (brands, stores) of our own predictors, and the rows they were made of."""

    forecasts: Mapping[str, Floats]
    learn: PairRows
    judged: PairRows


def ours(facts: Facts, of: Journey, split: Split, progress: Progress = silent) -> Ours:
    """Each of our predictors, learned on the split's windows, for the week it is judged from."""
    daily = daily_facts(facts, "brand")
    windows = [*split.learn, split.judge]
    made = []
    for done, (as_of, last) in enumerate(windows):
        progress("Complete Journey: features", done, len(windows))
        whole = rows(facts, daily, as_of, last, of)
        made.append(whole if (as_of, last) == split.judge else whole.take(whole.outcome()[1] > 0))
    progress("Complete Journey: features", len(windows), len(windows))
    learn, judged = concatenate(made[:-1]), made[-1]
    shape = (len(of.brand_ids), len(of.store_ids))
    forecasts = {}
    for done, (name, kind) in enumerate(PREDICTORS.items()):
        progress("Complete Journey: our predictors", done, len(PREDICTORS))
        predictor: Predictor = (
            BoostedPredictor(Target.BRAND_CONVERSION, rounds=ROUNDS, stops_early=False)
            if name == LEARNED
            else kind(Target.BRAND_CONVERSION)
        ).fit(learn)
        forecasts[name] = predictor.predict(judged).mean.reshape(shape)
    progress("Complete Journey: our predictors", len(PREDICTORS), len(PREDICTORS))
    return Ours(forecasts, learn, judged)


def section(settings: QualitySettings, progress: Progress = silent) -> Section:
    """Ours beside baselines and peers on the final weeks; `small` judges the tuning weeks."""
    try:
        facts = facts_of(settings, progress)
    except NotReady as error:
        return absent(NAME, TITLE, str(error))
    of = journey(facts)
    split = TUNE if settings.small else FINAL
    judge = Judge.of(of, TUNE) if settings.small else final_judge(of, "make quality")
    made = ours(facts, of, split, progress)
    against: dict[str, PeerForecast] = dict(peers(of, split, small=settings.small))
    shape = (len(of.brand_ids), len(of.store_ids))
    if not settings.small:
        against |= boosters(made.learn, made.judged, shape)
    draws = SMALL_DRAWS if settings.small else DRAWS
    state = settings.random_state
    compared = compare(made.forecasts[LEARNED], against, judge, draws=draws, random_state=state)
    baselines = as_forecasts({n: p for n, p in made.forecasts.items() if n != LEARNED})
    beside = compare(made.forecasts[LEARNED], baselines, judge, draws=draws, random_state=state)
    scores = {"brand rate": judge.scores(brand_rate(of, split))}
    scores |= {name: judge.scores(p) for name, p in made.forecasts.items()}
    own = scores[LEARNED]
    text = [
        HEAD.format(
            brands=len(of.brand_ids),
            stores=len(of.store_ids),
            judged=int(judge.stores.sum()),
            ranked=int(pd.notna(judge.ndcg_by_brand(made.forecasts[LEARNED], judge.mask)).sum()),
        ),
        "### Ours and our own baselines",
        table(_scores_table(scores)),
        SMALL if settings.small else _goals(own),
        table(gains_table(beside)),
        "### The peers",
        PEERS_TEXT.format(calibrated=CALIBRATED),
        table(described(against)),
        "{figure:differences}",
    ]
    for part, words in (("all", "all pairs"), ("new", "new pairs")):
        for measure, scale in (("ndcg10", 1.0), ("log_loss", 1000.0)):
            text += [
                f"### Peers: {measure}, {words}",
                table(peer_table(compared, measure, part, scale)),
            ]
    could = decidable(
        made.forecasts[LEARNED],
        against,
        judge,
        outcomes=SMALL_OUTCOMES if settings.small else OUTCOMES,
        random_state=state,
    )
    text += ["### What these stores can decide", could.text()]
    text += ["### In words", _verdict(compared, against), looks_in_words(DATA, "The final weeks")]
    figure = save_svg(
        drawn_differences(compared), settings.scratch / "complete-journey-differences.svg"
    )
    return Section(
        NAME,
        TITLE,
        "\n\n".join(text),
        summary=_summary(own, compared),
        figures={"differences": figure},
        metrics=metrics_of(scores, compared),
    )


def facts_of(settings: QualitySettings, progress: Progress) -> Facts:
    """The ingested source, kept in the scratch folder for other sections."""
    home = Home(settings.scratch / NAME)
    if not home.facts.exists():
        ingest(NAME, home, progress=progress)
    return read_facts(home)


def _scores_table(scores: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    rows_ = [
        {
            "forecast": name,
            "nDCG@10": of_name["ndcg"],
            "log-loss": of_name["log_loss"] * 1e3,
            "calibration error, points": of_name["calibration_error"] * 100,
            "new: nDCG@10": of_name["new_ndcg"],
            "new: log-loss": of_name["new_log_loss"] * 1e3,
            "new: calibration error, points": of_name["new_calibration_error"] * 100,
        }
        for name, of_name in scores.items()
    ]
    return pd.DataFrame(rows_)


def _goals(own: Mapping[str, float]) -> str:
    words = {"ndcg": "nDCG@10", "log_loss": "log-loss", "new_ndcg": "nDCG@10 of new pairs"}
    told = []
    for name, (goal, hard) in GOALS.items():
        lower = name == "log_loss"
        reached = [own[name] <= line if lower else own[name] >= line for line in (goal, hard)]
        verdict = (
            "reached" if all(reached) else "reached, not the harder" if any(reached) else "missed"
        )
        sign = "at most" if lower else "at least"
        told.append(f"{words[name]} {own[name]:.5f}: goal ({sign} {goal}, hard {hard}) {verdict}")
    return "; ".join(told) + "."


def _verdict(compared: pd.DataFrame, against: Mapping[str, PeerForecast]) -> str:
    left = not_beaten(compared[~compared["forecast"].isin(list(GROWN))])
    told = (
        "Ours is strictly better than every peer on its own inputs, on ranking and on log-loss, of "
        "all pairs and of new ones."
        if not left
        else "Ours is not strictly better than: " + "; ".join(left) + "."
    )
    for name in GROWN:
        if name in against:
            word = "not worse" if not_worse(compared, name) else "not shown to be as good"
            told += f" Against {name}: {word} (lower bound above {NOT_WORSE} nDCG is asked)."
    return told


def _summary(own: Mapping[str, float], compared: pd.DataFrame) -> str:
    others = compared[(compared["forecast"] != OURS) & ~compared["forecast"].isin(list(GROWN))]
    better = int((others["verdict"] == "better").sum())
    return (
        f"nDCG@10 {own['ndcg']:.4f}, log-loss {own['log_loss'] * 1e3:.3f} thousandths of a nat a "
        f"basket, nDCG@10 of new pairs {own['new_ndcg']:.4f}; strictly better than peers on their "
        f"own inputs in {better} of {len(others)} comparisons."
    )
