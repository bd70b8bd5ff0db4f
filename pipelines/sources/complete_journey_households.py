"""Who shops in a store and who buys a brand, as known at the start of every 13 weeks.

A row of creators or brands is dated (`valid_from`) and holds only receipts of earlier weeks, so
that a forecast as of a week never sees who came later. The first row knows nobody.
"""

from collections.abc import Mapping
from typing import Any

PERIOD_WEEKS = 13
FEWEST_BASKETS = 20
"""Below this many baskets of households that told their age and income, shares are unknown."""

AGE = {
    "age_19_24": ("19-24",),
    "age_25_34": ("25-34",),
    "age_35_44": ("35-44",),
    "age_45_54": ("45-54",),
    "age_55_64": ("55-64",),
    "age_65_plus": ("65+",),
}
INCOME = {
    "income_under_35k": ("Under 15K", "15-24K", "25-34K"),
    "income_35_49k": ("35-49K",),
    "income_50_74k": ("50-74K",),
    "income_75_99k": ("75-99K",),
    "income_100k_plus": ("100-124K", "125-149K", "150-174K", "175-199K", "200-249K", "250K+"),
}


def _shares(prefix: str) -> str:
    """Columns `<prefix>_<group>`: the share of baskets by households of that group.

    Ages sum to 1 and incomes sum to 1; both null where fewer than FEWEST_BASKETS are known.
    """
    return ",\n       ".join(
        f"CASE WHEN count(*) >= {FEWEST_BASKETS} THEN"
        f" count(*) FILTER ({column} IN ({_listed(values)})) / count(*) END AS {prefix}_{group}"
        for column, groups in (("age", AGE), ("income", INCOME))
        for group, values in groups.items()
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _names(prefix: str, groups: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{prefix}_{group}" for group in groups)


PERIODS = f"""
CREATE TEMP TABLE periods AS
SELECT start.week, (SELECT min(opens) FROM weeks WHERE weeks.week >= start.week) AS valid_from,
       start.week = (SELECT min(week) FROM weeks) AS is_first
FROM (SELECT unnest(range(min(week), max(week) + 1, {PERIOD_WEEKS})) AS week FROM weeks) start;

CREATE TEMP TABLE households AS
SELECT household_id, age, income FROM demographics WHERE age IS NOT NULL AND income IS NOT NULL;

CREATE TEMP TABLE audiences AS
SELECT store_id, periods.week,
       {_shares("audience")}
FROM visits JOIN households USING (household_id) JOIN periods ON visits.week < periods.week
GROUP BY store_id, periods.week;

CREATE TEMP TABLE buyers AS
SELECT manufacturer_id, periods.week,
       {_shares("buyer")}
FROM (SELECT DISTINCT manufacturer_id, basket_id, household_id, week FROM sold) baskets
JOIN households USING (household_id) JOIN periods ON baskets.week < periods.week
GROUP BY manufacturer_id, periods.week;

CREATE TEMP TABLE industries AS
SELECT manufacturer_id, week, department AS industry
FROM (SELECT manufacturer_id, periods.week, department, sum(sales_value) AS gmv
      FROM (SELECT manufacturer_id, department, week, sum(sales_value) AS sales_value
            FROM sold GROUP BY manufacturer_id, department, week) weekly
      JOIN periods ON weekly.week < periods.week
      GROUP BY manufacturer_id, periods.week, department)
QUALIFY row_number() OVER (PARTITION BY manufacturer_id, week ORDER BY gmv DESC, department) = 1;

CREATE TEMP TABLE listed_industries AS
SELECT manufacturer_id, department AS industry
FROM (SELECT manufacturer_id, department, count(*) AS listed
      FROM catalogue GROUP BY manufacturer_id, department)
QUALIFY row_number() OVER (PARTITION BY manufacturer_id ORDER BY listed DESC, department) = 1;
"""
"""An industry is the department with most of the brand's sales so far, at first the one in which
the catalogue lists most of its products; equal departments by name."""

CREATORS = f"""
SELECT store_id::VARCHAR AS creator_id, valid_from, 'Store ' || store_id AS name,
       {_names("audience", AGE)},
       {_names("audience", INCOME)}
FROM (SELECT DISTINCT store_id FROM visits) CROSS JOIN periods
LEFT JOIN audiences USING (store_id, week)
WHERE is_first OR audiences.store_id IS NOT NULL ORDER BY store_id, valid_from
"""

BRANDS = f"""
SELECT manufacturer_id::VARCHAR AS brand_id, valid_from,
       'Manufacturer ' || manufacturer_id AS name,
       coalesce(industries.industry, listed_industries.industry) AS industry,
       {_names("buyer", AGE)},
       {_names("buyer", INCOME)}
FROM (SELECT DISTINCT manufacturer_id FROM sold) CROSS JOIN periods
JOIN listed_industries USING (manufacturer_id)
LEFT JOIN industries USING (manufacturer_id, week) LEFT JOIN buyers USING (manufacturer_id, week)
WHERE is_first OR industries.industry IS NOT NULL ORDER BY manufacturer_id, valid_from
"""

COUNTS = """
SELECT (SELECT count(*) FROM households), (SELECT count(DISTINCT household_id) FROM visits)
"""


def prepare(connection: Any) -> None:
    """Audiences, buyers and industries by period; needs `weeks`, `visits`, `sold`, `catalogue`."""
    connection.execute(PERIODS)


def notes(connection: Any) -> tuple[str, ...]:
    """How far the households' answers reach, in sentences."""
    known, all_of_them = connection.sql(COUNTS).fetchone()
    return (
        f"Audience and buyer shares count baskets of the {known:,} of {all_of_them:,} households "
        f"whose age and income are known (their answers have no date). They and a brand's "
        f"industry are dated every {PERIOD_WEEKS} weeks and know earlier weeks only; under "
        f"{FEWEST_BASKETS} such baskets they are unknown",
        "Not told by this source: clicks, returns, followers, regions, commissions, margins, "
        "fees, collaborations and field sessions",
    )
