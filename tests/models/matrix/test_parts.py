"""Every feature speaks of one part of an outcome."""

import pytest

from models.matrix.parts import PARTS, part_of
from pipelines.snapshot import ALL_FEATURES


@pytest.mark.parametrize("of_volume", [False, True])
def test_every_feature_has_a_part(of_volume: bool) -> None:
    parts = {part_of(f.name, f.group, of_volume=of_volume) for f in ALL_FEATURES}
    assert parts == set(PARTS) - ({"creator"} if of_volume else set())


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("creator_return_rate", "creator"),
        ("pair_return_rate", "fit"),
        ("item_usual_impressions_per_line", "product"),
        ("creator_impressions_per_line", "organic_traffic"),
        ("item_paid_share", "paid_traffic"),
        ("creator_price_level", "creator"),
        ("item_price", "price"),
        ("price_distance", "price"),
        ("item_commission_rate", "product"),
        ("calendar_campaign_days", "campaign"),
        ("sold_affinity", "fit"),
    ],
)
def test_a_part_is_of_whom_the_feature_is(name: str, part: str) -> None:
    group = next(f.group for f in ALL_FEATURES if f.name == name)
    assert part_of(name, group) == part


def test_a_group_that_no_part_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        part_of("moon_phase", "moon")
