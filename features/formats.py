"""Formats: what a creator's lines did in dedicated and in mixed sessions, as of a date."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from features.facts import Facts, midnight

FORMATS = ("mixed", "dedicated")
FEWEST_SESSIONS = 5
HARDLY = 0.1


def format_sums(facts: Facts, as_of: date) -> pd.DataFrame:
    """One row per creator and format of FORMATS, of sessions that ended strictly before `as_of`.

    sessions, lines, and the sums over lines of `gmv` and `impressions`, each over the mean of
    its product's lines in those sessions: what is left is not the choice of products. Lines of a
    product that never sold (or was never shown) do not count in `gmv_lines` (`impression_lines`).
    """
    sessions, lines = facts["sessions"], facts["session_products"]
    ended = sessions.ended_at.coalesce(sessions.started_at)
    known = sessions.filter((ended < midnight(as_of)) & sessions.format.isin(FORMATS))
    shown = lines.join(known.select("session_id", "creator_id", "format"), "session_id")
    shown = shown.select(
        "session_id",
        "creator_id",
        "format",
        "product_id",
        gmv=shown.gmv.cast("float64"),
        impressions=shown.impressions.cast("float64"),
    )
    usual = shown.group_by("product_id").aggregate(
        usual_gmv=shown.gmv.mean(), usual_impressions=shown.impressions.mean()
    )
    beside = shown.join(usual, "product_id")
    sums = beside.group_by("creator_id", "format").aggregate(
        sessions=beside.session_id.nunique(),
        lines=beside.count(),
        **_relative(beside, "gmv", "gmv_lines"),
        **_relative(beside, "impressions", "impression_lines"),
    )
    return sums.order_by("creator_id", "format").to_pandas()


def cut_short_share(facts: Facts, as_of: date) -> float | None:
    """Share of creators' sessions, ended before `as_of`, that had hardly any of the usual views.

    Under a tenth of the median of the creator's sessions (tests, technical failures); of creators
    with at least FEWEST_SESSIONS. None where no session tells its views.
    """
    sessions = facts["sessions"]
    ended = sessions.ended_at.coalesce(sessions.started_at)
    is_field = (sessions.format == "field").fill_null(False)
    known = sessions.filter((ended < midnight(as_of)) & ~is_field & sessions.views.notnull())
    views = known.select("creator_id", "views").to_pandas()
    usual = views.groupby("creator_id")["views"].agg(["median", "size"])
    usual = usual[usual["size"] >= FEWEST_SESSIONS]["median"]
    beside = views.join(usual, on="creator_id", how="inner")
    if not len(beside):
        return None
    return float((beside["views"] < HARDLY * beside["median"]).mean())


def _relative(lines: ir.Table, name: str, counted: str) -> dict[str, ir.Value]:
    usual = lines[f"usual_{name}"]
    there = lines[name].notnull() & (usual > 0)
    ratio = there.ifelse(lines[name] / usual.nullif(0.0), ibis.null("float64"))
    return {name: ratio.sum().fill_null(0.0), counted: there.sum().fill_null(0)}
