"""Collaborations in a model card: scorers, beside each other."""

import pandas as pd

from pipelines.model_card.collaborations import collaboration_table


def test_scorers_of_collaborations_stand_beside_each_other() -> None:
    board = pd.DataFrame(
        [
            {"predictor": name, "measure": measure, "value": value, "verdict": verdict}
            for name, value, verdict in (("learned", 0.5, ""), ("cosine", 0.4, "better"))
            for measure in ("auc", "r10", "r50", "mrr", "map")
        ]
    ).assign(judged_by="4 folds of brands", brands=38)
    table = collaboration_table(board)
    assert table.title.endswith("judged on 4 folds of brands (38 brands)")
    assert table.rows[0] == ("learned", *["0.500"] * 5, "this model")
    assert table.rows[1] == ("cosine", *["0.400"] * 5, "better than it")
