"""Every feature counted the slow way: plain loops over the raw frames, straight from the words.

Nothing of `features` is used here but the meaning of the source. One method or entry per feature.
"""

from datetime import timedelta
from math import log, nan
from statistics import median
from typing import Any

from tests.features.counted import Row, over, remembered, trend
from tests.features.oracle_rates import Rates


def audience_groups(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Column and group of each share of an audience."""
    names = [name for name in row if name.startswith("audience_")]
    return [(name, name.removeprefix("audience_")) for name in names]


class Oracle(Rates):
    """What takes both sides of a pair, and what one side tells of itself."""

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

    def audience_bought(self, creator: str, item: str) -> float:
        crowd = f"bought_{self.brand_of(item)}"
        share = vars(self.creator_rows.get(creator, Row())).get(f"audience_{crowd}")
        usual = self.usual_audience().get(crowd)
        return 0.0 if share is None or usual is None else log(max(share / usual, 0.01))

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
