"""Who shops in a store and who buys a brand, as known at the start of every four weeks.

Households are told apart by the store they usually went to in the first twelve weeks: no other
group of them says as well what they buy. Of a store also the part of its audience that buys a
brand, wherever they shop. A row of creators or brands is dated (`valid_from`) and holds only
receipts of earlier weeks, so that a forecast as of a week never sees who came later. The first
row knows nobody.
"""

from typing import Any

from pipelines.sources.complete_journey.crowds import CROWDS, FEWEST_BASKETS

PERIOD_WEEKS = 4
HOME_WEEKS = 12
"""In which the usual store is found; rows before their end know no groups."""
FEWEST_HOUSEHOLDS = 3
"""That usually go to a store, to be a group of their own; the others are one group."""
ELSEWHERE = "elsewhere"
STORE_STRENGTH, BRAND_STRENGTH = 10, 50
"""Baskets of everybody that shares of a store, and of a brand, are pulled to: a handful of baskets
says little."""

GROUPS = f"""
CREATE TEMP TABLE periods AS
SELECT start.week, (SELECT min(opens) FROM weeks WHERE weeks.week >= start.week) AS valid_from,
       start.week = (SELECT min(week) FROM weeks) AS is_first,
       start.week >= (SELECT min(week) + {HOME_WEEKS} FROM weeks) AS knows_homes
FROM (SELECT unnest(range(min(week), max(week) + 1, {PERIOD_WEEKS})) AS week FROM weeks) start
QUALIFY row_number() OVER (PARTITION BY valid_from ORDER BY start.week DESC) = 1;

CREATE TEMP TABLE homes AS
SELECT household_id,
       CASE WHEN count(*) OVER (PARTITION BY store_id) >= {FEWEST_HOUSEHOLDS}
            THEN store_id::VARCHAR ELSE '{ELSEWHERE}' END AS home
FROM (SELECT household_id, store_id, count(*) AS baskets FROM visits
      WHERE week < (SELECT min(week) + {HOME_WEEKS} FROM weeks) GROUP BY household_id, store_id
      QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY baskets DESC, store_id) = 1);

CREATE TEMP TABLE everybody AS
SELECT periods.week, home, count(*) / sum(count(*)) OVER (PARTITION BY periods.week) AS share
FROM visits JOIN homes USING (household_id)
JOIN periods ON visits.week < periods.week AND knows_homes
GROUP BY periods.week, home;
"""
"""Households that came later are not counted: nobody knows where they usually go."""


def _shares(table: str, key: str, prefix: str, baskets: str, strength: int) -> str:
    """Columns `<prefix>_home_<store>`: the share of baskets by households of that group."""
    return f"""
CREATE TEMP TABLE {table}_counts AS
SELECT {key}, periods.week, home, count(*) AS baskets
FROM {baskets} baskets JOIN homes USING (household_id)
JOIN periods ON baskets.week < periods.week AND knows_homes
GROUP BY {key}, periods.week, home;

CREATE TEMP TABLE {table}_shares AS
SELECT {key}, week, '{prefix}_home_' || home AS name,
       (coalesce({table}_counts.baskets, 0) + {strength} * share) / (known.baskets + {strength})
           AS share
FROM (SELECT {key}, week, sum(baskets) AS baskets FROM {table}_counts GROUP BY {key}, week) known
JOIN everybody USING (week) LEFT JOIN {table}_counts USING ({key}, week, home);

CREATE TEMP TABLE {table} AS
PIVOT {table}_shares ON name USING any_value(share) GROUP BY {key}, week;
"""


PERIODS = (
    GROUPS
    + _shares("audiences", "store_id", "audience", "visits", STORE_STRENGTH)
    + _shares(
        "buyers",
        "manufacturer_id",
        "buyer",
        "(SELECT DISTINCT manufacturer_id, basket_id, household_id, week FROM sold)",
        BRAND_STRENGTH,
    )
    + """
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
)
"""An industry is the department with most of the brand's sales so far, at first the one in which
the catalogue lists most of its products; equal departments by name."""

CREATORS = """
SELECT store_id::VARCHAR AS creator_id, valid_from, 'Store ' || store_id AS name,
       audiences.* EXCLUDE (store_id, week), crowds.* EXCLUDE (store_id, week)
FROM (SELECT DISTINCT store_id FROM visits) CROSS JOIN periods
LEFT JOIN audiences USING (store_id, week) LEFT JOIN crowds USING (store_id, week)
WHERE is_first OR audiences.store_id IS NOT NULL OR crowds.store_id IS NOT NULL
ORDER BY store_id, valid_from
"""

BRANDS = """
SELECT manufacturer_id::VARCHAR AS brand_id, valid_from,
       'Manufacturer ' || manufacturer_id AS name,
       coalesce(industries.industry, listed_industries.industry) AS industry,
       buyers.* EXCLUDE (manufacturer_id, week)
FROM (SELECT DISTINCT manufacturer_id FROM sold) CROSS JOIN periods
JOIN listed_industries USING (manufacturer_id)
LEFT JOIN industries USING (manufacturer_id, week) LEFT JOIN buyers USING (manufacturer_id, week)
WHERE is_first OR industries.industry IS NOT NULL ORDER BY manufacturer_id, valid_from
"""

COUNTS = """
SELECT (SELECT count(*) FROM homes), (SELECT count(DISTINCT household_id) FROM visits)
"""


def prepare(connection: Any) -> None:
    """Audiences, buyers, industries by period; needs `weeks`, `visits`, `sold`, `catalogue`."""
    connection.execute(PERIODS)
    connection.execute(CROWDS)


def notes(connection: Any) -> tuple[str, ...]:
    """How far what is known of households reaches, in sentences."""
    known, all_of_them = connection.sql(COUNTS).fetchone()
    return (
        f"Audience and buyer shares count baskets of the {known:,} of {all_of_them:,} households "
        f"that came in the first {HOME_WEEKS} weeks, by the store they usually went to then. "
        f"They and a brand's industry are dated every {PERIOD_WEEKS} weeks and know earlier weeks "
        f"only; they are pulled to those of everybody as by {STORE_STRENGTH} baskets of a store "
        f"and {BRAND_STRENGTH} of a brand",
        "audience_bought_<brand> is the share of the baskets of a store's audience, of any store, "
        f"that hold the brand, for brands with at least {FEWEST_BASKETS} baskets so far",
        "Not told by this source: clicks, returns, followers, regions, commissions, margins, "
        "fees, collaborations and field sessions",
    )
