"""Sums and rates of what was known, on every level, and the yardstick of a brand."""

from collections.abc import Callable
from math import exp, log, nan, sqrt
from statistics import mean, variance

from tests.features.counted import Group, P, over, pulled, remembered
from tests.features.oracle_known import Known


class Rates(Known):
    """What the lines of a creator, an item or many come to."""

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
        chance = [r**2 * (1 - r) / (c[0] + P) for r, c in zip(rates, counts, strict=True)]
        spread = sqrt(sum(chance)) / sum(rates) / (1 - mean(rates))
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
