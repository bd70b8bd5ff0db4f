"""P(yes) is judged on invitations that came after those it learned from."""

from datetime import date

import pandas as pd
import pytest

from features.facts import Facts, facts_from_frames
from pipelines.learn_acceptance import judged_acceptance
from pipelines.settings import LEARNED, TrainSettings
from tests.models.acceptance.planted import planted

AS_OF = date(2026, 12, 1)


def facts(history: pd.DataFrame) -> Facts:
    world = planted(n=600)
    creators = world.sides.creators.drop(columns=["tier", "own"])
    return facts_from_frames(
        {
            "creators": creators.rename_axis("creator_id").reset_index(),
            "brands": world.sides.brands.rename_axis("brand_id").reset_index(),
            "collaborations": history,
        }
    )


def test_terms_are_judged_beside_baselines_on_later_invitations() -> None:
    judged = judged_acceptance(facts(planted().history), AS_OF, TrainSettings())
    assert judged is not None
    whole = judged.board[judged.board["slice"] == "all"].set_index("predictor")
    assert set(whole.index) == {LEARNED, "hierarchical", "overall"}
    assert whole["difference_hi95"].loc[LEARNED] < 0
    assert whole["rows"].loc[LEARNED] == pytest.approx(750, abs=20)
    assert len(judged.reliability) == 5
    assert "not made at random" in judged.notes()[0]


def test_what_came_later_changes_nothing_of_what_was_learned() -> None:
    history = planted().history
    cut = history["at"].iloc[2_250].floor("D")
    turned = {"accepted": "declined", "declined": "accepted"}
    later = history["at"] >= cut
    history.loc[later, "status"] = history.loc[later, "status"].map(turned)
    one = judged_acceptance(facts(planted().history), AS_OF, TrainSettings())
    two = judged_acceptance(facts(history), AS_OF, TrainSettings())
    assert one is not None
    assert two is not None
    assert one.reliability["forecast"].tolist() == two.reliability["forecast"].tolist()
    assert one.reliability["observed"].tolist() != two.reliability["observed"].tolist()


def test_too_few_answers_or_no_refusal_judge_nothing() -> None:
    few = planted().history.iloc[:40]
    assert judged_acceptance(facts(few), AS_OF, TrainSettings()) is None
    willing = planted(n=600).history.assign(status="accepted")
    assert judged_acceptance(facts(willing), AS_OF, TrainSettings()) is None
