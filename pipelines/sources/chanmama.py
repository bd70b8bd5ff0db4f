"""蝉妈妈 (Chanmama): hosts, sessions and products of its export, and what it cannot tell.

The export names no brand and no product, and does not say which session sold what. So sessions
and products stand side by side without a line between them: none is invented. What it does know
of a product (units per view of the host that sold it) is in `product_rates`.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import pandas as pd

from features.contract import TABLES
from features.errors import Problem, WrongInput
from features.facts import Meaning
from pipelines.progress import Progress, silent
from pipelines.sources.chanmama_sheets import (
    PRODUCTS_FILE,
    SESSIONS_FILE,
    Cells,
    Sheet,
    parsed,
    sheets,
    start_times,
)
from pipelines.sources.parsers import duration_seconds, percent, wan
from pipelines.sources.raw import RawSource, RawTable

NAME = "chanmama"
ZONE = "Asia/Shanghai"
MEANING = Meaning(denominator="views", currency="CNY")
STAGE = "reading a 蝉妈妈 export"
JUNK_SECONDS = 600
"""A session shorter than this is a test or was cut short."""

ENGLISH = {
    "美妆护肤": "Beauty skin care",
    "服饰内衣": "Dress and underwear",
    "日用百货": "Daily provisions",
    "珠宝饰品": "Jewelry Accessories",
    "食品饮料": "Food and beverage",
    "鞋靴箱包": "Shoe bag",
    "图书音像": "Books, audio and video",
    "运动户外": "Sports and Outdoor",
    "母婴用品": "Maternal and child supplies",
    "本地生活": "The local life",
    "鲜花绿植": "Flowers and green plant",
    "宠物用品": "Pet supplies",
    "其他": "Others",
}
"""The export's categories in English; a few cells were typed in Chinese."""


def read(folder: Path | str, year: int | None = None, progress: Progress = silent) -> RawSource:
    """The export in `folder` (live_sessions.xlsx, products.xlsx) as the contract's tables.

    `year` is that of the first session: the export's dates have none, and it is never guessed.
    Cells that cannot be read become problems of their row. Raises WrongInput without a year,
    BadSource when a file or a column is missing.
    """
    if year is None:
        raise WrongInput(
            f"The dates of a 蝉妈妈 export have no year. Say in which year its first session was: "
            f"{NAME}:{folder}?year=2021"
        )
    progress(STAGE, 0, 2)
    session_sheet, product_sheet = sheets(Path(folder))
    progress(STAGE, 1, 2)
    sessions = _sessions(session_sheet, year)
    products, too_high = _products(product_sheet)
    tables = (
        _creators(session_sheet, product_sheet),
        _brands(products.frame["category"]),
        products,
        sessions,
        _no_lines(),
    )
    notes = _notes(session_sheet, product_sheet, sessions.frame, too_high)
    progress(STAGE, 2, 2)
    return RawSource(NAME, tables, MEANING, ZONE, notes)


def product_rates(folder: Path | str) -> pd.DataFrame:
    """What the export says of each product of each host, over the whole export.

    Columns: creator_id, product_id, category, price, commission_rate, units, gmv (CNY),
    conversion_rate (带货转化率: units per view, without its denominator), sessions, videos.
    Rates are shares; those above 1, and cells that cannot be read, are NaN. Undated: never use
    it to forecast a time inside the export.
    """
    _, sheet = sheets(Path(folder))
    numbers, _, _ = _numbers(sheet)
    return pd.DataFrame(
        {
            "creator_id": sheet.rows["creator_id"],
            "product_id": _product_ids(sheet, numbers["price"]),
            "category": _categories(sheet),
            **numbers,
        }
    ).reset_index(drop=True)


def _sessions(sheet: Sheet, year: int) -> RawTable:
    starts = start_times(sheet, year)
    lengths = parsed(sheet, "ended_at", duration_seconds)
    counts = {name: parsed(sheet, name, wan) for name in ("views", "peak_online", "new_followers")}
    frame = pd.DataFrame(
        {
            "session_id": _session_ids(sheet.rows["creator_id"], starts.values, lengths.values),
            "creator_id": sheet.rows["creator_id"],
            "started_at": starts.values,
            "ended_at": starts.values + pd.to_timedelta(lengths.values, unit="s"),
            **{name: cells.values for name, cells in counts.items()},
        }
    )
    problems = _problems(sheet, [starts, lengths, *counts.values()])
    return RawTable("sessions", sheet.file, frame, problems, sheet.headers)


def _session_ids(creators: pd.Series, starts: pd.Series, lengths: pd.Series) -> pd.Series:
    """Host and minute of the start; among equals the longest first, then numbered."""
    ids = creators + "-" + starts.dt.strftime("%Y%m%d%H%M").fillna("undated")
    by_length = lengths.sort_values(ascending=False, kind="stable").index
    among_equals = ids.reindex(by_length).groupby(ids.reindex(by_length)).cumcount()
    number = among_equals.reindex(ids.index)
    return ids.where(number == 0, ids + "-" + (number + 1).astype("str"))


def _products(sheet: Sheet) -> tuple[RawTable, Mapping[str, int]]:
    numbers, problems, too_high = _numbers(sheet)
    categories = _categories(sheet)
    frame = pd.DataFrame(
        {
            "product_id": _product_ids(sheet, numbers["price"]),
            "brand_id": _brand_ids(categories),
            "category": categories,
            "price": numbers["price"],
            "commission_rate": numbers["commission_rate"],
        }
    )
    return RawTable("products", sheet.file, frame, problems, sheet.headers), too_high


def _numbers(
    sheet: Sheet,
) -> tuple[dict[str, pd.Series], tuple[Problem, ...], dict[str, int]]:
    """The sheet's numbers by column, the unreadable cells, and how many rates were above 100 %."""
    parsers: dict[str, Callable[[str], float]] = {
        "price": wan,
        "commission_rate": percent,
        "units": wan,
        "gmv": wan,
        "conversion_rate": percent,
        "sessions": wan,
        "videos": wan,
    }
    cells = {name: parsed(sheet, name, parse) for name, parse in parsers.items()}
    rates = [name for name, parse in parsers.items() if parse is percent]
    too_high = {name: int((cells[name].values > 1).sum()) for name in rates}
    values = {name: column.values for name, column in cells.items()}
    values.update({name: values[name].where(values[name] <= 1) for name in rates})
    return values, _problems(sheet, [cells["price"], cells["commission_rate"]]), too_high


def _product_ids(sheet: Sheet, prices: pd.Series) -> pd.Series:
    """A hash of host, category, price and the row's place among equals."""
    written = prices.map("{:.2f}".format)
    keys = sheet.rows["creator_id"] + "|" + _categories(sheet) + "|" + written
    keys = keys + "|" + keys.groupby(keys).cumcount().astype("str")
    return keys.map(lambda key: sha256(key.encode()).hexdigest()[:16]).astype("str")


def _categories(sheet: Sheet) -> pd.Series:
    return sheet.rows["category"].replace(ENGLISH)


def _brand_ids(categories: pd.Series) -> pd.Series:
    return ("unbranded: " + categories).where(categories != "", "")


def _creators(sessions: Sheet, products: Sheet) -> RawTable:
    hosts = sorted({*sessions.rows["creator_id"], *products.rows["creator_id"]} - {""})
    levels = sessions.rows.drop_duplicates("creator_id").set_index("creator_id")["level"]
    sold = parsed(products, "gmv", wan).values.groupby(
        [products.rows["creator_id"], _categories(products)]
    )
    totals = sold.sum().rename_axis(["host", "category"]).sort_values(kind="stable")
    main = totals.reset_index().drop_duplicates("host", keep="last").set_index("host")
    frame = pd.DataFrame(
        {
            "creator_id": hosts,
            "name": hosts,
            "main_category": main["category"].reindex(hosts).to_numpy(),
            "level": levels.reindex(hosts).to_numpy(),
        }
    )
    return RawTable("creators", SESSIONS_FILE, _renumbered(frame), numbered=False)


def _brands(categories: pd.Series) -> RawTable:
    industries = pd.Series(sorted(set(categories) - {""}), dtype="str")
    ids = _brand_ids(industries)
    frame = pd.DataFrame({"brand_id": ids, "name": ids, "industry": industries})
    return RawTable("brands", PRODUCTS_FILE, _renumbered(frame), numbered=False)


def _no_lines() -> RawTable:
    required = TABLES["session_products"].required
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in required})
    return RawTable("session_products", PRODUCTS_FILE, frame, numbered=False)


def _renumbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2), axis="index")


def _problems(sheet: Sheet, columns: list[Cells]) -> tuple[Problem, ...]:
    return (*sheet.problems, *(problem for cells in columns for problem in cells.problems))


def _notes(
    session_sheet: Sheet,
    product_sheet: Sheet,
    sessions: pd.DataFrame,
    too_high: Mapping[str, int],
) -> tuple[str, ...]:
    seconds = (sessions["ended_at"] - sessions["started_at"]).dt.total_seconds()
    junk = int(((seconds < JUNK_SECONDS) | (sessions["views"].fillna(0) == 0)).sum())
    chinese = int(product_sheet.rows["category"].isin(list(ENGLISH)).sum())
    first, last = (str(day)[:10] for day in sessions["started_at"].agg(["min", "max"]))
    return (
        f"{len(sessions):,} sessions from {first} to {last} ({ZONE}), the year as given. "
        f"{junk:,} of them last under {JUNK_SECONDS // 60} minutes or have no views; kept",
        "The export does not say which session sold what: session_products is empty, nothing was "
        "split or made up, and conversion cannot be learned from sessions. Units and GMV of whole "
        "sessions are left out. Units per view of each product are in chanmama.product_rates",
        f"It has no product ids: the {len(product_sheet.rows):,} ids are hashes of host, category, "
        "price and place among equals, and move when a price does",
        "It names no brands: each category has one placeholder brand 'unbranded: <category>'",
        "Hosts are known by name only. Their level is the export's category letter; their main "
        "category is that with most sales over the whole export, so it leaks into earlier dates",
        f"Dropped: {too_high['conversion_rate']:,} conversion rates and "
        f"{too_high['commission_rate']:,} commission rates above 100 %, "
        f"{session_sheet.blank} session rows and {product_sheet.blank} product rows with nothing "
        "but a host",
        f"{chinese:,} category cell(s) written in Chinese were read as their English names",
        "Not told by this source: clicks, impressions, viewers, orders, returns, followers, "
        "audiences, fees, collaborations and field sessions",
    )
