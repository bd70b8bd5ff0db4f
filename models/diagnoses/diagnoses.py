"""Diagnoses of a brand: every pair, or every creator with one product, against its benchmarks."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.diagnoses.remedies import Seen, Verdict
from models.diagnoses.settling import open_questions, settling_words
from models.matrix.diagnosis import HIGH, LOW, QUADRANTS, action, quadrant
from models.matrix.lookup import pair_row, product_position
from models.matrix.matrix import AllianceMatrix
from models.shortlists.rows import Estimate, plain

Floats = npt.NDArray[np.float64]

SAID: Final = (
    *(
        f"{name}{end}"
        for name in ("conversion_rate", "impressions")
        for end in ("", "_lo80", "_hi80")
    ),
    "benchmark_rate",
    "p_above_benchmark",
    "p_above_peers",
    "p_impressions_above_benchmark",
    "evidence_sessions",
)
"""Numbers of a diagnosis that every version keeps."""

READ: Final = (*SAID, "peer_rate", "sessions_to_settle", "evidence_clicks")
"""Columns that pairs and offers share."""


@dataclass(frozen=True)
class Diagnosis:
    """One creator with the brand, or with one of its products. None is 'not known', never zero."""

    creator_id: str
    creator_name: str | None
    main_category: str | None
    tier: str | None
    met: bool
    conversion: Estimate | None
    benchmark_rate: float | None
    benchmark_level: str | None
    p_above_benchmark: float | None
    peer_rate: float | None
    peer_level: str | None
    p_above_peers: float | None
    impressions: Estimate | None
    benchmark_impressions: float | None
    p_impressions_above_benchmark: float | None
    quadrant: str
    action: str
    sessions_to_settle: float | None
    to_settle: str | None
    """What would settle the open question, as a sentence; None where the quadrant is settled."""
    evidence_sessions: int
    evidence_denominator: int
    sessions_90: float | None
    extrapolated: bool


@dataclass(frozen=True)
class BrandDiagnoses:
    """The rows of the matrix that are the brand's, with what they say; `product_id` None: of pairs.

    Arrays are in the order of the rows; `values` has READ, as floats.
    """

    matrix: AllianceMatrix
    brand_id: str
    product_id: str | None
    rows: npt.NDArray[np.intp]
    offers: npt.NDArray[np.intp] | None
    """Of one product, where its offers stand."""

    @classmethod
    def of(
        cls, matrix: AllianceMatrix, brand_id: str, product_id: str | None = None
    ) -> "BrandDiagnoses":
        """Raises UnknownBrand, and UnknownProduct with close matches."""
        whole = matrix.brand_rows(brand_id)
        rows = np.arange(whole.start, whole.stop)
        if product_id is None:
            return cls(matrix, brand_id, None, rows, None)
        position = product_position(matrix, brand_id, product_id)
        assert matrix.offers is not None
        offers = matrix.offers.for_product(whole, position)
        owners = np.searchsorted(matrix.offers.start, offers, side="right") - 1
        return cls(matrix, brand_id, product_id, owners.astype(np.intp), offers)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def values(self) -> dict[str, Floats]:
        if self.offers is None:
            return {n: self.matrix.columns[n][self.rows].astype(np.float64) for n in READ}
        assert self.matrix.offers is not None
        return {n: self.matrix.offers.columns[n][self.offers].astype(np.float64) for n in READ}

    @cached_property
    def benchmark_impressions(self) -> Floats:
        return np.asarray(self.matrix.columns["benchmark_impressions"][self.rows], np.float64)

    @cached_property
    def met(self) -> npt.NDArray[np.bool_]:
        """Who has worked with the brand (or sold the product) before."""
        return np.asarray(self.values["evidence_sessions"] > 0)

    @cached_property
    def quadrants(self) -> npt.NDArray[np.object_]:
        above, shown = (
            self.values[n] for n in ("p_above_benchmark", "p_impressions_above_benchmark")
        )
        return quadrant(above, shown)

    @cached_property
    def creator_ids(self) -> npt.NDArray[np.object_]:
        return self.matrix.creator_values["creator_id"][
            self.matrix.columns["creator_id"][self.rows]
        ]

    def place(self, creator_id: str) -> int:
        """Where the creator stands among these; raises UnknownCreator with close matches."""
        row = pair_row(self.matrix, self.brand_id, creator_id)
        return int(np.searchsorted(self.rows, row))

    def counts(self) -> dict[str, tuple[int, int]]:
        """Quadrant -> how many creators that have met the brand, and how many new ones."""
        return {
            name: (
                int(np.count_nonzero((self.quadrants == name) & self.met)),
                int(np.count_nonzero((self.quadrants == name) & ~self.met)),
            )
            for name in QUADRANTS
        }

    def order(self) -> npt.NDArray[np.intp]:
        """Places as they are read: met ones first, by quadrant, the surest high first; then ids."""
        ranks = np.array([QUADRANTS.index(name) for name in self.quadrants])
        above = np.nan_to_num(self.values["p_above_benchmark"], nan=-1.0)
        return np.lexsort((np.arange(len(self)), -above, ranks, ~self.met))

    def seen(self, place: int) -> Seen:
        """What the matrix says of one, as the remedy ladder reads it."""
        p = float(self.values["p_above_benchmark"][place])
        verdict: Verdict = "high" if p >= HIGH else "low" if p <= LOW else "open"
        recent = float(self.matrix.columns["sessions_90"][self.rows[place]])
        return Seen(
            matrix_version=self.matrix.manifest.version,
            as_of=self.matrix.manifest.as_of,
            verdict=verdict,
            p_above=p,
            sessions=round(np.nan_to_num(self.values["evidence_sessions"][place])),
            sessions_90=None if np.isnan(recent) else recent,
        )

    def diagnoses(self, places: npt.NDArray[np.intp]) -> tuple[Diagnosis, ...]:
        """The records of these places, in this order."""
        rows, matrix = self.rows[places], self.matrix
        values: dict[str, list[Any]] = {
            name: plain(of[places][None])[0] for name, of in self.values.items()
        }
        values["benchmark_impressions"] = plain(self.benchmark_impressions[places][None])[0]
        recent = matrix.columns["sessions_90"][rows].astype(np.float64)
        values["sessions_90"] = plain(recent[None])[0]
        creators = matrix.columns["creator_id"][rows]
        named = {
            name: matrix.creator_values[name][creators].tolist()
            for name in ("creator_id", "name", "main_category", "tier")
        }
        above, shown, sessions = (
            self.values[name][places]
            for name in ("p_above_benchmark", "p_impressions_above_benchmark", "sessions_to_settle")
        )
        quadrants, met = self.quadrants[places], self.met[places]
        actions = action(quadrants, met, above)
        questions = open_questions(above, shown, sessions)
        outside = (
            matrix.columns["extrapolated"][rows]
            if self.offers is None or matrix.offers is None
            else matrix.offers.columns["extrapolated"][self.offers[places]]
        )

        def estimate(name: str, i: int) -> Estimate | None:
            mean = values[name][i]
            if mean is None:
                return None
            return Estimate(mean, values[f"{name}_lo80"][i], values[f"{name}_hi80"][i])

        return tuple(
            Diagnosis(
                creator_id=named["creator_id"][i],
                creator_name=named["name"][i],
                main_category=named["main_category"][i],
                tier=named["tier"][i],
                met=bool(met[i]),
                conversion=estimate("conversion_rate", i),
                benchmark_rate=values["benchmark_rate"][i],
                benchmark_level=matrix.text("benchmark_level", int(rows[i])),
                p_above_benchmark=values["p_above_benchmark"][i],
                peer_rate=values["peer_rate"][i],
                peer_level=matrix.text("peer_level", int(rows[i])),
                p_above_peers=values["p_above_peers"][i],
                impressions=estimate("impressions", i),
                benchmark_impressions=values["benchmark_impressions"][i],
                p_impressions_above_benchmark=values["p_impressions_above_benchmark"][i],
                quadrant=quadrants[i],
                action=actions[i],
                sessions_to_settle=values["sessions_to_settle"][i],
                to_settle=settling_words(questions[i], values["sessions_to_settle"][i]),
                evidence_sessions=round(values["evidence_sessions"][i] or 0),
                evidence_denominator=round(values["evidence_clicks"][i] or 0),
                sessions_90=values["sessions_90"][i],
                extrapolated=bool(outside[i]),
            )
            for i in range(len(places))
        )
