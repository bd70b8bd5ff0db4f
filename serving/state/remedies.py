"""The log of remedies: moves are added, read and never changed."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from models.diagnoses.remedies import Move, Remedy
from serving.state.tables import REMEDY_MOVES

WHOLE_BRAND = ""
"""The product of a remedy that is of a creator with the brand, not with one of its products."""
TIMES = 5
"""How often moves are decided anew because somebody else made one meanwhile."""

Decide = Callable[[Mapping[str, Remedy]], Mapping[str, Move]]
"""From creators' remedies so far (those without moves are absent) the moves to add."""


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class RemedyLog:
    """Reads and adds moves; `now` tells the time they are stored with."""

    engine: Engine
    now: Callable[[], datetime] = clock

    def remedies(self, brand_id: str, product_id: str | None = None) -> dict[str, Remedy]:
        """Creator -> remedy, of the brand's pairs (or of this product's) that have one."""
        its = (REMEDY_MOVES.c.brand_id == brand_id) & (
            REMEDY_MOVES.c.product_id == (product_id or WHOLE_BRAND)
        )
        asked = select(REMEDY_MOVES).where(its)
        asked = asked.order_by(REMEDY_MOVES.c.creator_id, REMEDY_MOVES.c.number)
        moves: dict[str, list[Move]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(asked).mappings():
                moves.setdefault(row["creator_id"], []).append(_move(row))
        return {creator: Remedy(tuple(made)) for creator, made in moves.items()}

    def moved(
        self, brand_id: str, decide: Decide, product_id: str | None = None
    ) -> dict[str, Remedy]:
        """All remedies of the brand (or product) after the moves that `decide` makes of them.

        They are stored together or not at all. When somebody else makes one at the same time,
        `decide` is asked again with what is then so.
        """
        for _ in range(TIMES):
            remedies = self.remedies(brand_id, product_id)
            moves = decide(remedies)
            if not moves:
                return remedies
            before = {creator: remedies.get(creator, Remedy()) for creator in moves}
            at = self.now()
            rows = [
                _row(brand_id, creator, product_id, len(before[creator].moves) + 1, move, at)
                for creator, move in moves.items()
            ]
            try:
                with self.engine.begin() as connection:
                    connection.execute(insert(REMEDY_MOVES), rows)
            except IntegrityError:
                continue
            after = {
                creator: before[creator].after(replace(move, recorded_at=at))
                for creator, move in moves.items()
            }
            return {**remedies, **after}
        raise RuntimeError(f"the remedies of {brand_id} are moved by others all the time")


def _row(
    brand_id: str, creator_id: str, product_id: str | None, number: int, move: Move, at: datetime
) -> dict[str, Any]:
    return asdict(move) | {
        "brand_id": brand_id,
        "creator_id": creator_id,
        "product_id": product_id or WHOLE_BRAND,
        "number": number,
        "recorded_at": at,
    }


def _move(row: RowMapping) -> Move:
    told = {name: row[name] for name in Move.__dataclass_fields__}
    at = told["recorded_at"]
    told["recorded_at"] = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Move(**told)
