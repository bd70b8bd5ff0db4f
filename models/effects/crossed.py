"""The parts of a rate: what creators, items and the fit of creator and category each add.

On the link scale (logit of shares, log of counts) a pair's rate is

    level + creator + item + fit of creator and category + slope x price distance + pair + lines

with normal priors: a creator, an item and a cell (creator x category) around what their content
says (ridge regressions), pair and lines around 0, the lines' variance divided by their number.
What a creator showed holds the luck of its evenings too, which all lines of an evening share: its
variance is divided by the number of evenings, however many lines they had.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.effects.lines import Floats

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Seen:
    """Pairs seen, row by row: who, what, successes in trials, and from how many lines."""

    creator: Positions
    item: Positions
    successes: Floats
    trials: Floats
    lines: Floats
    evenings: Floats
    """Of each creator (creators,), not row; of one who was never seen any positive number."""

    def __len__(self) -> int:
        return len(self.creator)


@dataclass(frozen=True)
class Content:
    """What is known of creators, items and cells without the rate itself; no nan.

    `creators` (creators, a), `items` (items, b), `cells` (creators, categories, c); `category`
    is each item's, -1 where unknown. `price` of items and `price_level` of creators are logs.
    """

    creators: Floats
    items: Floats
    cells: Floats
    category: Positions
    price: Floats
    price_level: Floats

    def distance(self, creator: Positions, item: Positions) -> Floats:
        """How far an item's price is from what the creator usually sells, as a log; 0 unknown."""
        return np.abs(np.nan_to_num(self.price[item] - self.price_level[creator]))


@dataclass
class Variances:
    """Of each part around its prior mean, on the link scale; the defaults are where search starts.

    `*_slopes` are those of the regressions on content; `cell_slopes` of what all categories
    share, `category_slopes` of each category's own regression on the creators' content.
    """

    creator: float = 0.2
    item: float = 0.8
    cell: float = 0.03
    pair: float = 0.03
    line: float = 0.3
    evening: float = 0.1
    creator_slopes: float = 0.01
    item_slopes: float = 0.1
    cell_slopes: float = 0.05
    category_slopes: float = 1e-3


@dataclass(frozen=True)
class Crossed:
    """The parts found, and the variance of each that is left (`*_doubt`).

    Cells (creators, categories) have mean 0 over categories ever offered and over creators with
    history, so that creator and item are what they add in the middle of those categories.
    """

    level: float
    creator: Floats
    item: Floats
    cell: Floats
    distance_slope: float
    pair: Floats
    """Of each row seen: what its own history adds beyond the other parts."""
    creator_doubt: Floats
    item_doubt: Floats
    cell_doubt: Floats
    variances: Variances
