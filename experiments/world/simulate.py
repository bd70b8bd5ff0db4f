"""A whole world from one seed: the source's tables, and the truth beside them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.world.assortment import assortment, lines_of_brands, lines_of_creators
from experiments.world.brands import Brands, Products, brands, products
from experiments.world.collaborations import (
    Invitations,
    aired_in,
    collaborations_table,
    invitations,
)
from experiments.world.creators import Creators, creators, creators_table
from experiments.world.events import events_tables
from experiments.world.lines import Lines, lines
from experiments.world.randomness import Floats, Ints, Texts
from experiments.world.returns import returns_table
from experiments.world.seasons import calendar
from experiments.world.sessions import Sessions, field_account_ids, sessions
from experiments.world.settings import WorldSettings
from experiments.world.truth import truth_of_sides, truth_tables
from experiments.world.vectors import vector_tables
from features.contract import table_named


@dataclass(frozen=True)
class World:
    """A simulated source and what only its maker knows."""

    tables: dict[str, pd.DataFrame]
    """In the form of the data contract; times are naive UTC."""
    truth: dict[str, pd.DataFrame]
    """See `truth_tables`; belongs beside a source, never inside it."""
    settings: WorldSettings


def simulate(settings: WorldSettings | None = None) -> World:
    """The world of these settings; the same settings give identical frames."""
    settings = settings or WorldSettings()
    season = calendar(settings)
    people, merchants = creators(settings), brands(settings)
    goods = products(settings, merchants)
    invited = invitations(settings, people, merchants, goods)
    broadcasts = sessions(settings, people, merchants, goods, season)

    session, product = _shown(settings, people, merchants, goods, invited, broadcasts)
    sold = lines(settings, people, merchants, goods, broadcasts, session, product)
    aired = _aired_lines(invited, goods, broadcasts, sold)
    _write_terms(sold, invited, aired)

    tables = {
        "creators": pd.concat(
            [creators_table(people, settings), _field_accounts(settings, merchants)],
            ignore_index=True,
        ),
        "brands": merchants.table,
        "products": goods.table,
        "sessions": broadcasts.table,
        "session_products": sold.table,
        "returns": returns_table(settings, people, goods, broadcasts, sold),
        "collaborations": collaborations_table(
            settings, people, merchants, goods, invited, *_when_aired(broadcasts, sold, aired)
        ),
        **events_tables(settings, people, merchants, goods, season),
        "campaigns": season.campaigns,
        **vector_tables(settings, people, merchants, goods),
    }
    truth = truth_tables(settings, people, merchants, goods, broadcasts)
    return World(_switched_off(tables, settings), truth, settings)


def truth_on(settings: WorldSettings, day: int) -> dict[str, pd.DataFrame]:
    """What holds on a day of this world (the first is 0): see `truth_of_sides`."""
    people, merchants = creators(settings), brands(settings)
    return truth_of_sides(settings, people, merchants, products(settings, merchants), day)


def _shown(
    settings: WorldSettings,
    people: Creators,
    merchants: Brands,
    goods: Products,
    invited: Invitations,
    broadcasts: Sessions,
) -> tuple[Ints, Ints]:
    """Session and product of every line, of creators and of the brands' own accounts."""
    choices = assortment(settings, people, merchants, goods, invited)
    of_creators = lines_of_creators(settings, people, goods, choices, broadcasts)
    of_brands = lines_of_brands(settings, goods, broadcasts)
    return (
        np.concatenate([of_creators[0], of_brands[0]]),
        np.concatenate([of_creators[1], of_brands[1]]),
    )


def _aired_lines(invited: Invitations, goods: Products, broadcasts: Sessions, sold: Lines) -> Ints:
    """For each invitation the line in which it aired; -1 where it never did."""
    outside = np.flatnonzero(~broadcasts.is_field[sold.session])
    session = sold.session[outside]
    aired = aired_in(
        invited, goods, broadcasts.seller[session], sold.product[outside], broadcasts.day[session]
    )
    return np.where(aired >= 0, outside[aired], -1)


def _when_aired(broadcasts: Sessions, sold: Lines, aired: Ints) -> tuple[Texts, Floats]:
    """Id and day of the session in which each invitation aired; None and infinite if never."""
    session = sold.session[aired]
    ids = broadcasts.ids[session]
    ids[aired < 0] = None
    return ids, np.where(aired >= 0, broadcasts.day[session], np.inf)


def _write_terms(sold: Lines, invited: Invitations, aired: Ints) -> None:
    """Put the agreed slot fee and commission on the line in which a collaboration aired."""
    first = np.flatnonzero(aired >= 0)
    for column, terms in (
        ("slot_fee", invited.slot_fee),
        ("commission_rate", invited.commission),
    ):
        values = sold.table[column].to_numpy(copy=True)
        values[aired[first]] = terms[first]
        sold.table[column] = values


def _field_accounts(settings: WorldSettings, merchants: Brands) -> pd.DataFrame:
    """Rows of `creators` for the accounts with which the brands broadcast themselves."""
    followers = np.round(60_000 * np.exp(0.9 * merchants.size)).astype(np.int64)
    return pd.DataFrame(
        {
            "creator_id": field_account_ids(merchants),
            "valid_from": merchants.table["valid_from"],
            "name": merchants.table["name"] + "官方旗舰店",
            "main_category": merchants.table["industry"],
            "followers": followers,
        }
    )


def _switched_off(
    tables: dict[str, pd.DataFrame], settings: WorldSettings
) -> dict[str, pd.DataFrame]:
    """Take away what the settings say such a source would not have."""
    gone: set[str] = set()
    if not settings.products:
        gone |= {"products", "sessions", "session_products", "returns"}
        tables["collaborations"]["session_id"] = None
    if not settings.returns:
        gone.add("returns")
    if not settings.collaborations:
        gone.add("collaborations")
    if not settings.vectors:
        gone |= {"creator_embeddings.caption", "brand_embeddings.caption"}
    if not settings.field_sessions:
        accounts = ~tables["creators"]["creator_id"].str.startswith("f")
        tables["creators"] = tables["creators"][accounts].reset_index(drop=True)
    for column in ("clicks", "impressions"):
        if not getattr(settings, column):
            tables["session_products"] = tables["session_products"].drop(columns=column)
    return {name: _typed(name, table) for name, table in tables.items() if name not in gone}


def _typed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Texts as strings, and counts as whole numbers, also where some or all are missing."""
    contract = table_named(name)
    assert contract is not None, name
    types = {}
    for column in contract.columns:
        if column.name in table.columns and column.kind in ("id", "text"):
            types[column.name] = "str"
        elif column.name in table.columns and column.kind == "count":
            types[column.name] = "Int64" if table[column.name].isna().any() else "int64"
    return table.astype(types)
