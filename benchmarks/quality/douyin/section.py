"""Conversion of a product for a host on a real 蝉妈妈 export: category, price and host alone."""

from typing import Final

import numpy as np
import pandas as pd

from benchmarks.quality.douyin.forecasts import FOLDS, held_out
from benchmarks.quality.douyin.judged import compared, drawn
from benchmarks.quality.douyin.repeats import what_repeats
from benchmarks.quality.douyin.words import summary, told
from benchmarks.quality.looks import look, looks_in_words
from benchmarks.quality.report import save_svg
from benchmarks.quality.section import QualitySettings, Section, absent
from pipelines.code_version import code_version
from pipelines.progress import Progress
from pipelines.sources.chanmama import product_rates

NAME: Final = "douyin"
TITLE: Final = "Conversion of products in a real Douyin export"
FOLDER: Final = "douyin_live_export"
DRAWS: Final = 1000


def section(settings: QualitySettings, progress: Progress) -> Section:
    """Rates forecast for rows held out, and for hosts held out; then what repeats."""
    folder = settings.datasets / FOLDER
    if not folder.is_dir():
        return absent(NAME, TITLE, "the 蝉妈妈 export of 20 Douyin hosts is not here.")
    rows = product_rates(folder).dropna(subset=["conversion_rate"]).reset_index(drop=True)
    if settings.small:
        rows = rows.iloc[::8].reset_index(drop=True)
    random = np.random.default_rng(settings.random_state)
    draws = 50 if settings.small else DRAWS
    of_host = pd.factorize(rows["creator_id"], sort=True)[0]
    host_fold = random.permutation(of_host.max() + 1) % FOLDS
    kinds = {"by row": random.permutation(len(rows)) % FOLDS, "by host": host_fold[of_host]}
    boards, chosen = [], {}
    for i, (kind, fold) in enumerate(kinds.items()):
        progress("conversion of products", i, len(kinds))
        forecasts, chosen[kind] = held_out(rows, fold, by_host=kind == "by host")
        board = compared(rows, forecasts, draws, settings.random_state)
        board.insert(0, "folds", kind)
        boards.append(board)
    board = pd.concat(boards, ignore_index=True)
    progress("conversion of products", len(kinds), len(kinds))
    effects, repeats = what_repeats(rows, 20 if settings.small else 200, settings.random_state)
    picture = save_svg(drawn(board), settings.scratch / NAME / "cross-entropy.svg")
    values = {
        f"{row['folds'].replace(' ', '-')}/{row['forecast'].replace(' ', '-')}": row["value"]
        for row in board.to_dict("records")
    }
    text = told(rows, board, chosen, effects, repeats)
    if not settings.small:
        look(NAME, code_version(), "rows and hosts held out")
        text += "\n\n" + looks_in_words(NAME, "These folds")
    return Section(
        NAME,
        TITLE,
        text,
        summary(board, repeats),
        {"cross-entropy": picture},
        values | {f"split-half/{name}": found[0] for name, found in repeats.items()},
    )
