"""Of each store, the part of its audience that buys a brand, wherever they shop.

A household's rate of a brand is the share of its baskets, of any store, that hold it; a store's is
the mean over its visits. So a store that never sold a brand is known by what its visitors buy
elsewhere. Dated as audiences are, and of earlier weeks only.
"""

FEWEST_BASKETS = 50
"""Of a brand so far, for its buyers to be told."""
HOUSEHOLD_STRENGTH, STORE_STRENGTH = 20, 10
"""Baskets of everybody that a household's rate of a brand, and a store's, are pulled to."""
EXACT = "DECIMAL(18, 15)"
"""Rates are exact decimals, so that sums do not depend on the order in which they are added."""

CROWDS = f"""
CREATE TEMP TABLE known_visits AS
SELECT periods.week, household_id, store_id, count(*) AS visits
FROM visits JOIN periods ON visits.week < periods.week
GROUP BY periods.week, household_id, store_id;

CREATE TEMP TABLE known_households AS
SELECT week, household_id, sum(visits) AS visits FROM known_visits GROUP BY week, household_id;

CREATE TEMP TABLE known_buyers AS
SELECT periods.week, manufacturer_id, household_id, count(*) AS baskets
FROM (SELECT DISTINCT manufacturer_id, basket_id, household_id, week FROM sold) sold
JOIN periods ON sold.week < periods.week
GROUP BY periods.week, manufacturer_id, household_id;

CREATE TEMP TABLE known_brands AS
SELECT week, manufacturer_id, sum(baskets) / any_value(everybody.visits) AS rate
FROM known_buyers
JOIN (SELECT week, sum(visits) AS visits FROM known_households GROUP BY week) everybody USING (week)
GROUP BY week, manufacturer_id HAVING sum(baskets) >= {FEWEST_BASKETS};

CREATE TEMP TABLE bought_alone AS
SELECT week, manufacturer_id, household_id,
       (baskets / (visits + {HOUSEHOLD_STRENGTH}))::{EXACT} AS rate
FROM known_buyers SEMI JOIN known_brands USING (week, manufacturer_id)
JOIN known_households USING (week, household_id);

CREATE TEMP TABLE pulled_alone AS
SELECT week, store_id, known_visits.visits,
       ({HOUSEHOLD_STRENGTH} / (known_households.visits + {HOUSEHOLD_STRENGTH}))::{EXACT} AS pull
FROM known_visits JOIN known_households USING (week, household_id);

CREATE TEMP TABLE crowds_of_stores AS
SELECT week, store_id, manufacturer_id, sum(visits * rate) AS bought
FROM known_visits JOIN bought_alone USING (week, household_id)
GROUP BY week, store_id, manufacturer_id;

CREATE TEMP TABLE pulls AS
SELECT week, store_id, sum(visits) AS visits, sum(visits * pull) AS pulled
FROM pulled_alone GROUP BY week, store_id;

CREATE TEMP TABLE usual AS
SELECT week, manufacturer_id, rate,
       (bought + rate * pulled) / visits AS share
FROM (SELECT week, manufacturer_id, sum(bought) AS bought
      FROM crowds_of_stores GROUP BY week, manufacturer_id)
JOIN known_brands USING (week, manufacturer_id)
JOIN (SELECT week, sum(visits) AS visits, sum(pulled) AS pulled FROM pulls GROUP BY week)
USING (week);

CREATE TEMP TABLE crowds AS
PIVOT (
    SELECT store_id, week, 'audience_bought_' || manufacturer_id AS name,
           (coalesce(bought, 0) + rate * pulled + {STORE_STRENGTH} * share)
           / (visits + {STORE_STRENGTH}) AS share
    FROM pulls JOIN usual USING (week)
    LEFT JOIN crowds_of_stores USING (week, store_id, manufacturer_id)
) ON name USING any_value(share) GROUP BY store_id, week;
"""
"""Needs `visits`, `sold` and `periods`; makes `crowds`: a row a store and period, a column a brand.
A brand whose buyers are not told yet is null."""
