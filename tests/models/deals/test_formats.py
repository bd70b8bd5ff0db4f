import numpy as np
import pandas as pd
import pytest

from models.deals.formats import format_effects


def sums(creators: int, ratio: float, seed: int = 0, noise: float = 0.3) -> pd.DataFrame:
    """Creators of very different size, whose dedicated lines sell `ratio` times as much."""
    random = np.random.default_rng(seed)
    rows = []
    for i in range(creators):
        size = float(np.exp(random.normal(0, 2)))
        for name, lines, times in (("mixed", 50, 1.0), ("dedicated", 4, ratio)):
            total = lines * size * times * float(np.exp(random.normal(0, noise)))
            rows.append((f"c{i}", name, 2, lines, total, lines, total, lines))
    names = "creator_id format sessions lines gmv gmv_lines impressions impression_lines"
    return pd.DataFrame(rows, columns=names.split())


def test_a_planted_ratio_is_found_whatever_the_size_of_creators() -> None:
    effects = format_effects(sums(80, 2.5), {f"c{i}": "tail" for i in range(80)})
    assert effects.overall is not None
    gmv = effects.overall.gmv
    assert gmv is not None
    assert gmv.mean == pytest.approx(2.5, rel=3 * gmv.spread)
    assert gmv.spread < 0.06
    assert effects.overall.products == 2.0


def test_the_interval_holds_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        effect = format_effects(sums(25, 2.0, seed), {}).overall
        assert effect is not None
        assert effect.gmv is not None
        held += effect.gmv.lo80 <= 2.0 <= effect.gmv.hi80
    assert 38 <= held <= 58


def test_a_thin_tier_is_drawn_towards_all_and_an_unknown_one_is_all() -> None:
    many, few = sums(60, 2.0), sums(6, 6.0, seed=3)
    few["creator_id"] = "h" + few["creator_id"]
    tier_of = {f"c{i}": "tail" for i in range(60)} | {f"hc{i}": "head" for i in range(6)}
    effects = format_effects(pd.concat([many, few]), tier_of)
    head, tail = effects.of("head"), effects.of("tail")
    assert head is not None
    assert tail is not None
    assert head.gmv is not None
    assert tail.gmv is not None
    assert tail.gmv.mean < head.gmv.mean < 6.2
    assert effects.of("waist") == effects.overall


def test_without_dedicated_sessions_or_with_too_few_creators_it_says_so() -> None:
    mixed = sums(30, 1.0).query("format == 'mixed'")
    assert "no dedicated session" in str(format_effects(mixed, {}).absent)
    assert "only 3 creators" in str(format_effects(sums(3, 2.0), {}).absent)
    assert format_effects(mixed.iloc[:0], {}).overall is None
