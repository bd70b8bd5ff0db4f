"""Collaborations of brands never seen, on real brands and influencers, beside plain closeness."""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import models.collaboration
from benchmarks.quality.instagram import FOLDER, collaborations
from benchmarks.quality.looks import look, looks, looks_in_words
from benchmarks.quality.report import save_svg, table
from benchmarks.quality.section import QualitySettings, Section, absent
from experiments.collaborations import MEASURES, Ranked, collaboration_board
from models.collaboration.occasions import brand_folds
from models.collaboration.partners import tied
from pipelines.collaborations import JUDGED_FOLDS, LEARNED_NAME, Collaborations, ranked_by_all
from pipelines.progress import Progress
from pipelines.settings import TrainSettings

NAME: Final = "collaborations"
TITLE: Final = "Brands known only by collaborations"
WORDS: Final = {"auc": "AUC", "r10": "R@10", "r50": "R@50", "mrr": "MRR", "map": "MAP"}
GOALS: Final = {"auc": 0.875, "r10": 0.19, "r50": 0.50, "mrr": 0.49, "map": 0.225}
KNOWN: Final = {
    "cosine, as told": (0.839, 0.160, 0.451, 0.390, 0.193),
    "best inductive blend, as told": (0.876, 0.193, 0.500, 0.494, 0.229),
    "published with image features, another split": (0.884, 0.213, 0.551, 0.565, 0.238),
}
UNTOUCHED: Final = 1
"""The fold whose brands took no part in any choice of how to learn."""
SMALL_BRANDS: Final = 72


def section(settings: QualitySettings, progress: Progress) -> Section:
    """Four folds of brands; every scorer on the same candidates and draws."""
    folder = settings.datasets / FOLDER
    if not folder.is_dir():
        what = "the brand x influencer files of Gan et al. (ACM MM 2019) are not here."
        return absent(NAME, TITLE, what)
    known = collaborations(folder)
    if settings.small:
        known = fewer(known, SMALL_BRANDS)
    by_fold = answers(known, settings, progress)
    draws = 100 if settings.small else 1000
    every = [brand for fold in by_fold for brand in fold]
    board = collaboration_board(every, LEARNED_NAME, draws, settings.random_state)
    untouched = collaboration_board(
        by_fold[UNTOUCHED - 1], LEARNED_NAME, draws, settings.random_state
    )
    if not settings.small:
        look_at_folds()
    picture = save_svg(drawn(board), settings.scratch / NAME / "measures.svg")
    values = {
        f"{row['predictor'].replace(' ', '-')}/{row['measure']}": float(row["value"])
        for row in board.to_dict("records")
    }
    said = "A small run that claims nothing." if settings.small else summary(board)
    return Section(
        NAME,
        TITLE,
        told(board, untouched, known),
        said,
        {"measures": picture},
        values | {"looks": float(len(looks(NAME)))},
    )


def answers(
    known: Collaborations, settings: QualitySettings, progress: Progress
) -> list[list[Ranked]]:
    """Of each fold, its brands with their candidates scored from the other folds alone."""
    seed = settings.random_state
    folds = brand_folds(known.ties, JUDGED_FOLDS, seed)
    train = TrainSettings(random_state=seed, num_threads=1)
    made = []
    for i, fold in enumerate(folds):
        progress("collaborations of brands never seen", i, len(folds))
        made.append(ranked_by_all(known, fold, train))
    progress("collaborations of brands never seen", len(folds), len(folds))
    return made


def fewer(known: Collaborations, brands: int) -> Collaborations:
    """The first so many brands and the creators they worked with."""
    row = np.arange(brands)
    column = np.unique(known.ties[row].indices)
    some = replace(known, brands=known.brands.take(row), creators=known.creators.take(column))
    return replace(some, ties=tied(some.brands.ids, some.creators.ids, known.first))


def summary(board: pd.DataFrame) -> str:
    """One sentence: what was reached of the goals, and against cosine."""
    value = {m: float(row["value"]) for m, row in _of(board, LEARNED_NAME).items()}
    reached = [WORDS[m] for m in MEASURES if value[m] >= GOALS[m]]
    against = _of(board, "cosine")
    worded = ", ".join(f"{WORDS[m]} {value[m]:.3f}" for m in MEASURES)
    better = [WORDS[m] for m in MEASURES if against[m]["verdict"] == "better"]
    return (
        f"{worded} on brands never seen; {len(reached)} of {len(GOALS)} goals reached "
        f"({', '.join(reached) or 'none'}); better than cosine on {', '.join(better) or 'nothing'}."
    )


def told(board: pd.DataFrame, untouched: pd.DataFrame, known: Collaborations) -> str:
    """The section's Markdown."""
    ties, creators = known.ties.nnz, len(known.creators)
    return f"""{len(known.brands)} brands, {creators:,} micro-influencers and {ties:,} past
collaborations of Instagram (Gan et al., ACM MM 2019): caption topics and hashtags of both sides,
images of brands. {JUDGED_FOLDS} folds by brand; candidates are the creators who worked with a brand
of the fold; everything is learned from the other brands and their creators alone (inductive:
nothing looks at another brand of the fold). The score is the product's own `p_collaboration`
(`models/collaboration`): conditional logit, two-way softmax map of kernel features and LambdaMART,
averaged; the map learns from partners in their brands' place too, unless brands held out of what
it learns from find theirs worse for it. It ranks; it is no probability.

{table(_values(board), 3)}

{{figure:measures}}

What the learned score adds, paired over draws of brands and creators:

{table(_gaps(board), 3)}

Choices (how vectors are compared, penalties, trees, how to average) were made on folds inside the
brands outside of fold {UNTOUCHED}; the brands of the other three folds were validation brands then,
never at the same time learned from. On fold {UNTOUCHED} alone, which took no part in any choice:

{table(_values(untouched, references=False), 3)}

{looks_in_words(NAME, "The test folds")}
Hashtag vectors were made from all posts of a creator, sponsored ones perhaps among them, so a
creator may carry a brand's own hashtag *because* they worked together: all methods on these data
share that leak, and live use would show less. Comparing hashtags by their rare directions
(whitened) gains most from it.
"""


def drawn(board: pd.DataFrame) -> Figure:
    """Every measure of every scorer with its interval, and the goal."""
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots(1, len(MEASURES))
    scorers = board["predictor"].unique().tolist()
    for axis, measure in zip(axes, MEASURES, strict=True):
        rows = board[board["measure"] == measure].set_index("predictor").loc[scorers[::-1]]
        gaps = [rows["value"] - rows["lo95"], rows["hi95"] - rows["value"]]
        axis.errorbar(rows["value"], range(len(rows)), xerr=np.abs(gaps), fmt="o", capsize=2)
        axis.axvline(GOALS[measure], color="grey", linestyle=":")
        axis.set_title(WORDS[measure])
        axis.set_yticks(range(len(rows)), scorers[::-1] if axis is axes[0] else [])
    return figure


def look_at_folds() -> None:
    """Write this version of the model's code to the ledger, once."""
    folder = Path(models.collaboration.__file__).parent
    code = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(folder.glob("*.py"))))
    look(NAME, code.hexdigest()[:12], "make quality")


def _of(board: pd.DataFrame, predictor: str) -> dict[str, dict[Hashable, Any]]:
    """The rows of one scorer, by measure."""
    rows = board[board["predictor"] == predictor].to_dict("records")
    return {row["measure"]: row for row in rows}


def _values(board: pd.DataFrame, references: bool = True) -> pd.DataFrame:
    """A row a scorer, a column a measure; then the goal and what others reached."""
    rows = []
    for predictor in board["predictor"].unique().tolist():
        of = _of(board, predictor)
        cells = {
            WORDS[m]: f"{of[m]['value']:.3f} [{of[m]['lo95']:.3f}, {of[m]['hi95']:.3f}]"
            for m in MEASURES
        }
        rows.append({"": predictor} | cells)
    known: Mapping[str, Sequence[float]] = {"goal": tuple(GOALS.values()), **KNOWN}
    if references:
        for name, figures in known.items():
            told = {WORDS[m]: f"{v:.3f}" for m, v in zip(MEASURES, figures, strict=True)}
            rows.append({"": name} | told)
    return pd.DataFrame(rows)


def _gaps(board: pd.DataFrame) -> pd.DataFrame:
    """A row a baseline: what ours has over it, with the interval and the verdict."""
    rows = []
    for predictor in board["predictor"].unique().tolist():
        if predictor == LEARNED_NAME:
            continue
        of = _of(board, predictor)
        cells = {
            WORDS[m]: f"{of[m]['difference']:+.3f} [{of[m]['difference_lo95']:+.3f}, "
            f"{of[m]['difference_hi95']:+.3f}] {of[m]['verdict']}"
            for m in MEASURES
        }
        rows.append({"against": predictor} | cells)
    return pd.DataFrame(rows)
