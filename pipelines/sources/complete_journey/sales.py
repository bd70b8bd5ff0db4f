"""Receipts of the Complete Journey as sessions, lines and prices.

Tables made on the connection: `weeks` (first and last instant of each week in the data),
`bought` (receipt lines that are sales), `sold` (those of a listed product), `visits` (one row a
basket), `offers` (what was on display or in a mailer), `lines`.
"""

from typing import Any

GALLON = 1000
"""Gasoline is counted in thousandths of a gallon, or as 1 for a whole fill."""

RECEIPTS = f"""
CREATE TEMP TABLE bought AS
SELECT basket_id, household_id, store_id, week, product_id, quantity,
       sales_value::DECIMAL(12, 2) AS sales_value,
       (sales_value + retail_disc + coupon_match_disc)::DECIMAL(12, 2) AS shelf_value
FROM transactions WHERE quantity > 0 AND sales_value > 0;

CREATE TEMP TABLE weeks AS
SELECT week, min(transaction_timestamp) AS opens, max(transaction_timestamp) AS closes
FROM transactions GROUP BY week;

CREATE TEMP TABLE catalogue AS
SELECT product_id, manufacturer_id, department,
       CASE WHEN product_type LIKE 'GASOLINE%' THEN 'FUEL'
            ELSE coalesce(product_category, department) END AS category,
       concat_ws(' ', coalesce(product_type, product_category, department),
                 package_size) AS title,
       coalesce(product_type LIKE 'GASOLINE%', false) AS is_fuel
FROM products WHERE department <> 'COUPON';

CREATE TEMP TABLE visits AS
SELECT basket_id, any_value(household_id) AS household_id, store_id, week
FROM bought GROUP BY basket_id, store_id, week;

CREATE TEMP TABLE sold AS
SELECT bought.basket_id, household_id, store_id, week, product_id, manufacturer_id, department,
       (CASE WHEN is_fuel AND quantity > 1 THEN quantity / {GALLON}
             ELSE quantity END)::DECIMAL(15, 3) AS units,
       sales_value, shelf_value
FROM bought JOIN catalogue USING (product_id);
"""
"""A line is a sale when something was handed over and paid for; a basket with any is a visit.
Amounts are exact decimals, so that sums do not depend on the order in which they are added."""

LINES = """
CREATE TEMP TABLE store_lines AS
SELECT store_id, week, product_id, count(DISTINCT basket_id) AS orders,
       sum(sales_value) AS gmv, sum(units) AS units
FROM sold GROUP BY store_id, week, product_id;

CREATE TEMP TABLE store_weeks AS
SELECT store_id, week, count(*) AS baskets FROM visits GROUP BY store_id, week;

CREATE TEMP TABLE offers AS
SELECT DISTINCT store_id, promotions.week, product_id, promotions.week > first_week AS known
FROM promotions
JOIN (SELECT store_id, product_id, min(week) AS first_week
      FROM store_lines GROUP BY store_id, product_id) USING (store_id, product_id)
WHERE promotions.week >= first_week AND (display_location <> '0' OR mailer_location <> '0');

CREATE TEMP TABLE lines AS
SELECT store_id, week, product_id, coalesce(orders, 0) AS orders, coalesce(gmv, 0) AS gmv,
       coalesce(greatest(round(units), orders), 0) AS units,
       CASE WHEN known IS NOT NULL THEN baskets END AS impressions
FROM store_lines FULL JOIN offers USING (store_id, week, product_id)
JOIN store_weeks USING (store_id, week)
WHERE orders IS NOT NULL OR known;
"""
"""An offer without a sale is a line only where the store had sold the product in an earlier week:
what later sells is not known yet."""

SESSIONS = """
SELECT store_id || '-' || lpad(week::VARCHAR, 2, '0') AS session_id,
       store_id::VARCHAR AS creator_id, opens AS started_at, closes AS ended_at,
       'mixed' AS format, baskets AS viewers
FROM store_weeks JOIN weeks USING (week) ORDER BY week, store_id
"""

SESSION_PRODUCTS = """
SELECT store_id || '-' || lpad(week::VARCHAR, 2, '0') AS session_id,
       product_id::VARCHAR AS product_id, orders, gmv::DOUBLE AS gmv, impressions,
       units::BIGINT AS units
FROM lines ORDER BY week, store_id, lines.product_id
"""

SESSION_BRANDS = """
SELECT store_id || '-' || lpad(week::VARCHAR, 2, '0') AS session_id,
       manufacturer_id::VARCHAR AS brand_id, count(DISTINCT basket_id) AS orders,
       sum(sales_value)::DOUBLE AS gmv
FROM sold GROUP BY week, store_id, manufacturer_id ORDER BY week, store_id, manufacturer_id
"""

PRODUCTS = """
SELECT product_id::VARCHAR AS product_id, manufacturer_id::VARCHAR AS brand_id, category,
       round(greatest(shelf_value / units, 0.01), 2)::DOUBLE AS price, title, opens AS launched_at
FROM (SELECT product_id, week, sum(shelf_value) AS shelf_value, sum(units) AS units
      FROM sold GROUP BY product_id, week
      QUALIFY week = min(week) OVER (PARTITION BY product_id))
JOIN catalogue USING (product_id) JOIN weeks USING (week) ORDER BY catalogue.product_id
"""
"""The price is the shelf price of the first week a product is seen, so nothing later leaks in."""

NOTES = (
    "These are shops, not creators: store = creator, a week of a store = session, baskets = "
    "viewers, manufacturer = brand; conversion is orders per basket and an absent line is zero",
    "{sessions:,} sessions of {stores:,} stores over {weeks} weeks. A session lasts from the first "
    "to the last receipt of its week in any store, so a week is known at once everywhere. Times "
    "are taken as UTC",
    "Left out: {unpaid:,} receipt lines with nothing handed over or nothing paid, {coupons:,} "
    "lines of coupons (not goods). {unlisted:,} lines of {unlisted_products} products that the "
    "catalogue does not list count as baskets but belong to no product or brand",
    "{fuel:,} lines of fuel are counted in thousandths of a gallon: their units are gallons and "
    "their price is per gallon. Fuel sold as one fill keeps the price of the fill",
    "Impressions are derived: the store's baskets of the week for a product on display or in the "
    "mailer there, else unknown. Only {covered} of {stores:,} stores are covered. {offers:,} "
    "lines are offers without a sale, kept where the store had sold the product before",
    "A product's price is its shelf price in the first week it is seen, and launched_at is the "
    "start of that week; both say nothing of the time before these data",
)

COUNTS = """
SELECT (SELECT count(*) FROM store_weeks) AS sessions,
       (SELECT count(DISTINCT store_id) FROM store_weeks) AS stores,
       (SELECT count(*) FROM weeks) AS weeks,
       (SELECT count(*) FROM transactions) - (SELECT count(*) FROM bought) AS unpaid,
       (SELECT count(*) FROM bought
        JOIN products USING (product_id) WHERE department = 'COUPON') AS coupons,
       (SELECT count(*) FROM bought ANTI JOIN products USING (product_id)) AS unlisted,
       (SELECT count(DISTINCT product_id) FROM bought
        ANTI JOIN products USING (product_id)) AS unlisted_products,
       (SELECT count(*) FROM bought JOIN catalogue USING (product_id)
        WHERE is_fuel AND quantity > 1) AS fuel,
       (SELECT count(DISTINCT store_id) FROM store_weeks
        SEMI JOIN promotions USING (store_id)) AS covered,
       (SELECT count(*) FROM lines WHERE orders = 0) AS offers
"""


def prepare(connection: Any) -> None:
    """Receipts to `bought`, `weeks`, `catalogue`, `visits`, `sold`."""
    connection.execute(RECEIPTS)


def prepare_lines(connection: Any) -> None:
    """Sales and offers to `store_lines`, `store_weeks`, `offers`, `lines`."""
    connection.execute(LINES)


def notes(connection: Any) -> tuple[str, ...]:
    """What was derived and left out, with the counts, in sentences."""
    counted = connection.sql(COUNTS)
    counts = dict(zip(counted.columns, counted.fetchone(), strict=True))
    return tuple(note.format(**counts) for note in NOTES)
