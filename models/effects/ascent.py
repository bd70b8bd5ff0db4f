"""Finding the parts of a rate: block by block up the joint penalised likelihood.

In each block its own effects are marginalised where their regression on content is updated, and
the cells where their creator is, so that few rounds suffice. Each round is linear in the rows.
What a creator showed is the creator and the mean luck of its evenings: the luck is taken off what
its products and categories show, and is no part of what is expected of it.
"""

from dataclasses import replace

import numpy as np
from scipy.optimize import nnls

from models.effects.crossed import Content, Crossed, Positions, Seen, Variances
from models.effects.lines import Floats, Told, told_by_counts, told_by_shares
from models.effects.shrinkage import RANGE, added, creators_and_evenings, fixed_point, ridge
from models.uncertainty.noise import SAME_SESSION

ROUNDS = 20
FIRST_ROUNDS = 3
"""Before any variance is learned."""
NOISE_RANGE = (1e-3, 4.0)
LARGEST_LEVERAGE = 0.9
FIRST_DOUBT = 3.0
"""Trials' worth of the overall rate in the rates of items from which the search starts."""
DISTANCE_PENALTY = 10.0


def crossed(
    seen: Seen,
    content: Content,
    *,
    is_rate: bool,
    variances: Variances | None = None,
    rounds: int = ROUNDS,
) -> Crossed:
    """The parts under which what was seen is most likely; there must be a row.

    With `variances` given these are kept, else they are learned too. Same input, same output.
    """
    search = _Search(seen, content, is_rate, variances or Variances())
    for number in range(rounds):
        told = search.told()
        search.update_level(told)
        search.update_items(told)
        search.update_creators(told)
        if variances is None and number >= FIRST_ROUNDS:
            search.update_variances(told)
    return search.found()


class _Search:
    def __init__(self, seen: Seen, content: Content, is_rate: bool, variances: Variances) -> None:
        self.seen, self.content, self.is_rate = seen, content, is_rate
        self.variances = replace(variances)
        self.n_creators, self.n_categories = content.cells.shape[:2]
        self.n_items = len(content.items)
        known = content.category[seen.item] >= 0
        cell = seen.creator * self.n_categories + content.category[seen.item]
        self.cells = np.unique(cell[known])
        self.cell_of_row = np.where(known, np.searchsorted(self.cells, cell), len(self.cells))
        self.creator_of_cell = self.cells // self.n_categories
        self.category_of_cell = self.cells % self.n_categories
        self.rows_of_category = {
            category: np.flatnonzero(self.category_of_cell == category)
            for category in np.unique(self.category_of_cell).tolist()
        }
        self.cell_content = content.cells[self.creator_of_cell, self.category_of_cell]
        self.distance = content.distance(seen.creator, seen.item)
        self.distance_mean = float(self.distance.mean())
        self.distance = self.distance - self.distance_mean
        self.slope = 0.0
        self.creator = self.creator_prior = np.zeros(self.n_creators)
        self.shown = np.zeros(self.n_creators)
        """What the creator showed: its own effect and the mean luck of its evenings."""
        self.cell = self.cell_prior = np.zeros(len(self.cells))
        self.creator_slopes = np.zeros(content.creators.shape[1])
        self.category_slopes = np.zeros((content.creators.shape[1], self.n_categories))
        self.free = {"creator_slopes": 1.0, "item_slopes": 1.0, "category_slopes": 1.0}
        self.item_doubt = np.zeros(self.n_items)
        self._start()

    def _start(self) -> None:
        """Items from their own rates, everything else at its prior."""
        k, n, item = self.seen.successes, self.seen.trials, self.seen.item
        overall = (k.sum() + 0.5) / (n.sum() + 1)
        doubt = FIRST_DOUBT / min(overall, 1.0)
        rate = (added(item, k, self.n_items) + doubt * overall) / (
            added(item, n, self.n_items) + doubt
        )
        if self.is_rate:
            self.level = float(np.log(overall / (1 - overall)))
            self.item = np.log(rate / (1 - rate)) - self.level
        else:
            self.level = float(np.log(overall))
            self.item = np.log(rate) - self.level
        self.item_prior = np.zeros(self.n_items)
        self.latent = self.level + self.item[item]

    def expected(self) -> Floats:
        row = self.seen
        cell = np.append(self.cell, 0.0)[self.cell_of_row]
        parts = self.shown[row.creator] + self.item[row.item] + cell
        return np.asarray(self.level + parts + self.slope * self.distance)

    def told(self) -> Told:
        row, noise = self.seen, self.variances.line / self.seen.lines + self.variances.pair
        if not self.is_rate:
            return told_by_counts(row.successes, row.trials, noise)
        told = told_by_shares(row.successes, row.trials, self.expected(), noise, self.latent)
        self.latent = told.latent
        return told

    def update_level(self, told: Told) -> None:
        left = told.value - self.expected()
        step = float(told.weight @ left / told.weight.sum())
        self.level += step
        left = left - step + self.slope * self.distance
        weighed = told.weight * self.distance
        self.slope = float(weighed @ left / (weighed @ self.distance + DISTANCE_PENALTY))

    def update_items(self, told: Told) -> None:
        item, variance = self.seen.item, self.variances.item
        left = told.value - self.expected() + self.item[item]
        weight = added(item, told.weight, self.n_items)
        total = added(item, told.weight * left, self.n_items)
        certainty = 1 / (1 + weight * variance)  # of the mean, its item unknown, over `weight`
        self.item_slopes, self.free["item_slopes"] = ridge(
            self.content.items, weight * certainty, total * certainty, self.variances.item_slopes
        )
        self.item_prior = self.content.items @ self.item_slopes
        self.item = (total + self.item_prior / variance) / (weight + 1 / variance)

    def update_creators(self, told: Told) -> None:
        """Creators and their cells; rows of no category tell of their creator alone."""
        row, now, content = self.seen, self.variances, self.content.creators
        left = told.value - (self.level + self.item[row.item] + self.slope * self.distance)
        weight, total = self._by_cell(told.weight), self._by_cell(told.weight * left)
        loose_weight, loose_total = self._loose(told.weight), self._loose(told.weight * left)
        certainty = 1 / (1 + weight * now.cell)
        of_cell = certainty * (total - weight * self.cell_prior)
        creator_weight = self._by_creator(certainty * weight) + loose_weight
        creator_total = self._by_creator(of_cell) + loose_total
        self.creator_told = creator_weight, creator_total
        spread = now.creator + self._luck()
        surely = 1 / (1 + creator_weight * spread)
        self.creator_slopes, self.free["creator_slopes"] = ridge(
            content, creator_weight * surely, creator_total * surely, now.creator_slopes
        )
        self.creator_prior = content @ self.creator_slopes
        beyond = (creator_total - creator_weight * self.creator_prior) * spread * surely
        self.creator = self.creator_prior + beyond * now.creator / spread
        self.shown = self.creator_prior + beyond
        own = total - weight * self.shown[self.creator_of_cell]
        self._update_cell_priors(certainty * weight, certainty * own)
        self.cell = (own + self.cell_prior / now.cell) / (weight + 1 / now.cell)

    def _update_cell_priors(self, weight: Floats, total: Floats) -> None:
        """What the cells' content, and in each category the creators' content, makes expect."""
        now, content = self.variances, self.content.creators[self.creator_of_cell]
        slopes = self.category_slopes[:, self.category_of_cell]
        of_category = np.einsum("ma,am->m", content, slopes)
        self.cell_slopes, _ = ridge(
            self.cell_content, weight, total - weight * of_category, now.cell_slopes
        )
        shared = self.cell_content @ self.cell_slopes
        left, free = total - weight * shared, 0.0
        for category, rows in self.rows_of_category.items():
            self.category_slopes[:, category], determined = ridge(
                content[rows], weight[rows], left[rows], now.category_slopes
            )
            free += determined
        self.free["category_slopes"] = free
        slopes = self.category_slopes[:, self.category_of_cell]
        self.cell_prior = shared + np.einsum("ma,am->m", content, slopes)

    def _luck(self) -> Floats:
        """Variance of the mean luck of each creator's evenings."""
        return np.asarray(self.variances.evening / self.seen.evenings)

    def _by_cell(self, values: Floats) -> Floats:
        return added(self.cell_of_row, values, len(self.cells) + 1)[:-1]

    def _loose(self, values: Floats) -> Floats:
        """Sums by creator over the rows whose item has no category."""
        loose = self.cell_of_row == len(self.cells)
        return added(self.seen.creator[loose], values[loose], self.n_creators)

    def _by_creator(self, values: Floats) -> Floats:
        return added(self.creator_of_cell, values, self.n_creators)

    def update_doubts(self, told: Told) -> None:
        """Variance left of each part, the doubt of the item (creator) beside it included."""
        row, now = self.seen, self.variances
        weight = told.weight / (1 + told.weight * self.item_doubt[row.item])
        of_cell = self._by_cell(weight)
        of_creator = self._by_creator(of_cell / (1 + of_cell * now.cell)) + self._loose(weight)
        luck = self._luck()
        self.creator_doubt = 1 / (of_creator / (1 + of_creator * luck) + 1 / now.creator)
        self.shown_doubt = shown = 1 / (of_creator + 1 / (now.creator + luck))
        own = 1 / (of_cell + 1 / now.cell)
        self.cell_doubt = own + (own * of_cell) ** 2 * shown[self.creator_of_cell]
        weight = told.weight / (1 + told.weight * shown[row.creator])
        self.item_doubt = 1 / (added(row.item, weight, self.n_items) + 1 / now.item)

    def update_variances(self, told: Told) -> None:
        self.update_doubts(told)
        row, now = self.seen, self.variances
        creators, items = np.unique(row.creator), np.unique(row.item)
        doubt = self.shown_doubt[row.creator] + self.item_doubt[row.item]
        doubt += np.append(self.cell_doubt, 0.0)[self.cell_of_row]
        self._update_noise(told, np.minimum(told.weight * doubt, LARGEST_LEVERAGE))
        now.creator, now.evening = self._creators_and_evenings(creators)
        own = (self.item - self.item_prior)[items]
        now.item = fixed_point(own, self.item_doubt[items], now.item)
        now.cell = fixed_point(self.cell - self.cell_prior, self.cell_doubt, now.cell)
        now.creator_slopes = self._slopes_variance(self.creator_slopes, "creator_slopes")
        now.item_slopes = self._slopes_variance(self.item_slopes, "item_slopes")
        now.category_slopes = self._slopes_variance(self.category_slopes, "category_slopes")

    def _creators_and_evenings(self, creators: Positions) -> tuple[float, float]:
        weight, total = (told[creators] for told in self.creator_told)
        beyond = total / weight - self.creator_prior[creators]
        now = self.variances
        return creators_and_evenings(
            beyond,
            1 / weight,
            self.seen.evenings[creators],
            usual_evening=SAME_SESSION * now.line,
            start=(now.creator, now.evening),
        )

    def _slopes_variance(self, slopes: Floats, name: str) -> float:
        return float(np.clip(np.sum(slopes**2) / max(self.free[name], 0.5), *RANGE))

    def _update_noise(self, told: Told, leverage: Floats) -> None:
        """Variance of a line and of a pair: squared residuals beyond chance, on 1 / lines and 1."""
        now = self.variances
        beyond = (told.value - self.expected()) ** 2 / (1 - leverage) - told.chance
        design = np.column_stack([1 / self.seen.lines, np.ones(len(self.seen))])
        certainty = 1 / (told.chance + design @ np.array([now.line, now.pair]))
        found, _ = nnls(design * certainty[:, None], beyond * certainty)
        now.line, now.pair = (float(np.clip(value, *NOISE_RANGE)) for value in found)

    def found(self) -> Crossed:
        told = self.told()
        self.update_doubts(told)
        content, now = self.content, self.variances
        cell = content.creators @ self.category_slopes + content.cells @ self.cell_slopes
        cell_doubt = np.full(cell.shape, now.cell)
        at = self.creator_of_cell, self.category_of_cell
        cell[at], cell_doubt[at] = self.cell, self.cell_doubt
        offered = list(self.rows_of_category)
        of_creator = cell[:, offered].mean(axis=1) if offered else np.zeros(self.n_creators)
        cell = cell - of_creator[:, None]
        of_category = cell[np.unique(self.seen.creator)].mean(axis=0)
        return Crossed(
            level=self.level - self.slope * self.distance_mean,
            creator=self.creator + of_creator,
            item=self.item + np.append(of_category, 0.0)[content.category],
            cell=cell - of_category,
            distance_slope=self.slope,
            pair=now.pair * told.weight * (told.value - self.expected()),
            creator_doubt=self.creator_doubt,
            item_doubt=self.item_doubt,
            cell_doubt=cell_doubt,
            variances=now,
        )
