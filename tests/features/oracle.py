"""Every feature counted the slow way: plain loops over the raw frames, straight from the words.

Nothing of `features` is used here but the meaning of the source. One method or entry per feature.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from math import exp, log, nan, sqrt
from statistics import mean, median, variance
from typing import Any

import pandas as pd

from tests.features.counted import (
    Group,
    P,
    Row,
    over,
    pulled,
    remembered,
    rows_of,
    total,
    trend,
)


def audience_groups(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Column and group of each share of an audience."""
    names = [name for name in row if name.startswith("audience_")]
    return [(name, name.removeprefix("audience_")) for name in names]


class Oracle:
    """What was known before `as_of` began."""

    def __init__(
        self,
        frames: dict[str, pd.DataFrame],
        grain: str,
        denominator: str,
        absent: str,
        as_of: date,
    ) -> None:
        self.tables = {name: rows_of(frame) for name, frame in frames.items()}
        self.grain, self.denominator, self.as_of = grain, denominator, as_of
        self.zero = absent == "zero" and denominator in ("viewers", "views")
        self.now = datetime(as_of.year, as_of.month, as_of.day)
        self.products = {row.product_id: row for row in self.tables["products"]}
        self.brand_rows = self._valid("brands", "brand_id")
        self.creator_rows = self._valid("creators", "creator_id")
        sessions = [self._session(row) for row in self.tables["sessions"]]
        self.known = {row.session_id: row for row in sessions if row.end < self.now}
        self.sessions = [row for row in self.known.values() if not row.field]
        every = list(self._all_lines())
        self.lines = [line for line in every if not line.session.field]
        self.field = [line for line in every if line.session.field]
        self.sold_items = {line.item for line in self.lines}

    # what was known of whom

    def _valid(self, table: str, key: str, days_ago: int = 0) -> dict[str, Row]:
        newest: dict[str, Row] = {}
        for row in self.tables[table]:
            since = row.valid_from or datetime.min
            if since > self.now - timedelta(days=days_ago):
                continue
            held = newest.get(getattr(row, key))
            if held is None or since > (held.valid_from or datetime.min):
                newest[getattr(row, key)] = row
        return newest

    def _session(self, row: Row) -> Row:
        end = row.ended_at or row.started_at
        age = (self.as_of - end.date()).days
        counted = getattr(row, self.denominator, None)
        return Row(
            **{**vars(row), "end": end, "age": age, "field": row.format == "field", "den": counted}
        )

    def _all_lines(self) -> Iterable[Row]:
        if self.grain == "product":
            for row in self.tables["session_products"]:
                if row.session_id in self.known:
                    yield self._line(row, row.product_id, row.gmv, row.impressions, row.clicks)
            return
        for row in self.tables["session_brands"]:
            if row.session_id not in self.known:
                continue
            own = [
                line
                for line in self.tables["session_products"]
                if line.session_id == row.session_id
                and self.products[line.product_id].brand_id == row.brand_id
            ]
            gmv = row.gmv if row.gmv is not None else total(line.gmv for line in own)
            shown = total(line.impressions for line in own)
            yield self._line(row, row.brand_id, gmv, shown, total(line.clicks for line in own))

    def _line(self, row: Row, item: str, gmv: Any, impressions: Any, clicks: Any) -> Row:
        session = self.known[row.session_id]
        den = {"clicks": clicks, "impressions": impressions}.get(self.denominator, session.den)
        if self.denominator in ("clicks", "impressions"):
            session.den = None
        product = item if self.grain == "product" else None
        returned = sum(
            back.orders
            for back in self.tables["returns"]
            if back.session_id == row.session_id
            and (
                back.product_id == product
                if product
                else self.products[back.product_id].brand_id == item
            )
            and back.returned_at < self.now
        )
        return Row(
            session=session,
            creator=session.creator_id,
            item=item,
            age=session.age,
            brand=self.brand_of(item),
            category=self.category_of(item),
            orders=row.orders,
            gmv=gmv,
            impressions=impressions,
            clicks=clicks,
            den=den,
            returned=returned,
        )

    def brand_of(self, item: str) -> str:
        return self.products[item].brand_id if self.grain == "product" else item

    def industry(self, brand: str) -> str | None:
        return self.brand_rows[brand].industry if brand in self.brand_rows else None

    def category_of(self, item: str) -> str | None:
        return self.products[item].category if self.grain == "product" else self.industry(item)

    def launched(self) -> list[Row]:
        return [
            row
            for row in self.products.values()
            if row.launched_at is None or row.launched_at < self.now
        ]

    def goods(self, item: str, name: str) -> float | None:
        """An attribute of the product, or its mean over the brand's launched products."""
        if self.grain == "product":
            return getattr(self.products[item], name)
        own = [getattr(row, name) for row in self.launched() if row.brand_id == item]
        own = [value for value in own if value is not None]
        return sum(own) / len(own) if own else None

    def items(self) -> list[str]:
        if self.grain == "product":
            return list(self.products)
        return sorted(set(self.brand_rows) | {row.brand_id for row in self.products.values()})

    @remembered
    def tier(self, brand: str) -> str | None:
        given = self.brand_rows[brand].brand_tier if brand in self.brand_rows else None
        if given is not None:
            return given
        gmv = {}
        for other in self.brand_rows:
            if self.industry(other) == self.industry(brand):
                own = [line for line in self.field if line.brand == other and line.age <= 90]
                gmv[other] = sum(line.gmv or 0 for line in own)
        selling = sorted((value, other) for other, value in gmv.items() if value > 0)
        places = [other for _, other in selling]
        if brand not in places:
            return None
        return ("low", "middle", "high")[3 * places.index(brand) // len(places)]

    # sums

    @remembered
    def group(self, creator: str | None = None, items: frozenset[str] | None = None) -> "Group":
        """The lines of a creator (or all) with some items (or all)."""
        lines = [
            line
            for line in self.lines
            if creator in (None, line.creator) and (items is None or line.item in items)
        ]
        sessions = [row for row in self.sessions if creator in (None, row.creator_id)]
        offered = len(self.sold_items if items is None else self.sold_items & items)
        return Group(lines, sessions, offered, self.zero)

    def items_where(self, test: Callable[[str], bool]) -> frozenset[str]:
        return frozenset(item for item in self.items() if test(item))

    @remembered
    def in_category(self, item: str) -> frozenset[str]:
        category = self.category_of(item)
        return self.items_where(lambda i: category is not None and self.category_of(i) == category)

    @remembered
    def in_brand(self, item: str) -> frozenset[str]:
        return self.items_where(lambda i: self.brand_of(i) == self.brand_of(item))

    @remembered
    def in_peers(self, item: str) -> frozenset[str]:
        brand = self.brand_of(item)
        key = self.industry(brand), self.tier(brand)
        if None in key:
            return frozenset()
        return self.items_where(
            lambda i: (self.industry(self.brand_of(i)), self.tier(self.brand_of(i))) == key
        )

    @remembered
    def rate(
        self, kind: str, level: str, creator: str, item: str, window: str = "decayed"
    ) -> float:
        """A shrunken rate of a level, with the rate it is pulled to."""
        top, bottom = getattr(self.level(level, creator, item), kind)(window)
        wider = {
            "creator": "overall",
            "category": "overall",
            "brand": "overall",
            "peer": "overall",
            "item": "category",
            "creator_category": "category",
            "creator_brand": "brand",
            "pair": "item",
        }
        if level == "overall":
            return over(top, bottom)
        return pulled(top, bottom, self.rate(kind, wider[level], creator, item))

    def level(self, level: str, creator: str, item: str) -> "Group":
        of = level.removeprefix("creator_")
        items: frozenset[str] | None = None
        if of in ("item", "pair"):
            items = frozenset([item])
        elif of in ("category", "brand", "peer"):
            items = {"category": self.in_category, "brand": self.in_brand, "peer": self.in_peers}[
                of
            ](item)
        return self.group(creator if level.startswith(("creator", "pair")) else None, items)

    # the yardstick

    @remembered
    def benchmark(self, brand: str) -> tuple[float, float, str, int, float, float]:
        """rate, spread, level, merchants, impressions, spread of impressions."""
        recent = {
            b: [li for li in self.field if li.brand == b and li.age <= 90]
            for b in self.brand_rows
            if b != brand
        }
        merchants = {b: Group(lines, [], 0, False) for b, lines in recent.items()}
        able = {b: g for b, g in merchants.items() if g.conversion("90")[1] > 0}
        industry, tier = self.industry(brand), self.tier(brand)
        same = {b: g for b, g in able.items() if industry and self.industry(b) == industry}
        like = {b: g for b, g in same.items() if tier and self.tier(b) == tier}
        if len(like) >= 5:
            return self._mean(list(like.values()), [], "industry x tier")
        if len(same) >= 5:
            return self._mean(list(same.values()), [], "industry")
        brands = [b for b in self.all_brands() if b != brand]
        others = [
            self.group(None, frozenset(i for i in self.items() if self.brand_of(i) == b))
            for b in brands
        ]
        own = [Group([li for li in self.field if li.brand == b], [], 0, False) for b in brands]
        return self._mean(own, others, "all sessions")

    def all_brands(self) -> list[str]:
        return sorted({self.brand_of(i) for i in self.items()} | set(self.brand_rows))

    def _mean(
        self, own: list["Group"], others: list["Group"], level: str
    ) -> tuple[float, float, str, int, float, float]:
        counts = []
        for place, group in enumerate(own):
            found = [*group.conversion("90"), *group.impressions("90")]
            if others:
                more = [*others[place].conversion("90"), *others[place].impressions("90")]
                found = [one + two for one, two in zip(found, more, strict=True)]
            if found[1] > 0:
                counts.append(found)
        if not counts:
            return nan, nan, level, 0, nan, nan
        pooled = sum(c[0] for c in counts) / sum(c[1] for c in counts)
        rates = [pulled(c[0], c[1], pooled) for c in counts]
        spread = sqrt(mean(1 / (c[0] + P) for c in counts) / len(rates))
        shown = [c for c in counts if c[3] > 0]
        pool = sum(c[2] for c in shown) / sum(c[3] for c in shown)
        logs = [log((c[2] + 3 * pool) / (c[3] + 3)) for c in shown]
        differ = variance(logs) if len(logs) > 1 else 1.0
        unsure = differ * mean(1 / (c[3] + 3) for c in shown)
        return (
            mean(rates),
            spread,
            level,
            len(counts),
            exp(mean(logs)),
            sqrt(unsure / len(logs)),
        )

    # what takes both sides

    def expected_orders(self, creator: str, item: str) -> float:
        """Orders of the pair at the item's usual rate."""
        shown = self.level("pair", creator, item).conversion("decayed")[1]
        return shown * self.rate("conversion", "item", creator, item)

    def price_level(self, creator: str) -> float:
        """Mean log price of the creator's orders."""
        sold = [(li.orders, self.goods(li.item, "price")) for li in self.group(creator).lines]
        priced = [(orders, price) for orders, price in sold if price]
        return over(sum(n * log(price) for n, price in priced), sum(n for n, _ in priced))

    def price(self, item: str) -> float:
        price = self.goods(item, "price")
        return log(price) if price else nan

    def category_price(self, item: str) -> float:
        if self.grain == "product":
            goods = [row.product_id for row in self.launched()]
        else:
            goods = self.items()
        logs = [self.price(i) for i in goods if i in self.in_category(item)]
        logs = [value for value in logs if value == value]
        return median(logs) if logs else nan

    def audience_fit(self, creator: str, item: str) -> float:
        shares = self.shares_of_both(creator, item)
        told = max(sum(audience for _, audience, _ in shares), 1.0)
        return sum(min(audience, buyers) for _, audience, buyers in shares) / told or nan

    def audience_lift(self, creator: str, item: str) -> float:
        usual = self.usual_audience()
        shares = self.shares_of_both(creator, item)
        lift = sum(audience * buyers / usual[group] for group, audience, buyers in shares)
        told = sum(audience for _, audience, _ in shares)
        return log(max(lift / told, 0.01)) if told > 0 else nan

    def shares_of_both(self, creator: str, item: str) -> list[tuple[str, float, float]]:
        """Group, share of the audience, share of the buyers, where both are known."""
        one = vars(self.creator_rows.get(creator, Row()))
        two = vars(self.brand_rows.get(self.brand_of(item), Row()))
        return [
            (group, one[name], two[f"buyer_{group}"])
            for name, group in audience_groups(one)
            if one[name] is not None and two.get(f"buyer_{group}") is not None
        ]

    @remembered
    def usual_audience(self) -> dict[str, float]:
        """Share of each group in all audiences, creators counting by their recent lines."""
        total: dict[str, float] = {}
        lines: dict[str, float] = {}
        for creator, row in self.creator_rows.items():
            for name, group in audience_groups(vars(row)):
                if vars(row)[name] is None:
                    continue
                shown = self.group(creator).number("decayed")
                total[group] = total.get(group, 0.0) + shown * vars(row)[name]
                lines[group] = lines.get(group, 0.0) + shown
        return {group: max(total[group] / lines[group], 1e-4) for group in total}

    def attribute(self, creator: str, name: str) -> float:
        value = getattr(self.creator_rows.get(creator, Row()), name, None)
        return nan if value is None else value

    def followers_trend(self, creator: str) -> float:
        before = self._valid("creators", "creator_id", 90).get(creator, Row())
        then = getattr(before, "followers", None)
        return trend(self.attribute(creator, "followers"), nan if then is None else then)

    def tier_of_creator(self, creator: str) -> float:
        followers = self.attribute(creator, "followers")
        if followers != followers:
            return nan
        return float(sum(followers >= least for least in (1e5, 1e6, 5e6, 1e7)))

    def campaign_days(self) -> int:
        days = 0
        for ahead in range(30):
            day = self.now + timedelta(days=ahead)
            days += any(
                row.starts_at < day + timedelta(days=1) and row.ends_at > day
                for row in self.tables["campaigns"]
            )
        return days

    def launch_age(self, item: str) -> float:
        at = self.products[item].launched_at if self.grain == "product" else None
        return nan if at is None or at >= self.now else (self.as_of - at.date()).days
