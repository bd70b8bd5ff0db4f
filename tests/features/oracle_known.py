"""What was known before a date, read from the raw frames row by row."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from tests.features.counted import Row, remembered, rows_of, total


class Known:
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
