"""The collaborations section on made-up files in the shape of the real ones."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.quality import collaborations, looks
from benchmarks.quality.instagram import FOLDER, tables
from benchmarks.quality.section import QualitySettings
from features.contract import TABLES
from pipelines.progress import silent
from tests.models.collaboration.planted import market


@pytest.fixture(scope="module")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = market(brands=72, creators=200)
    random = np.random.default_rng(0)
    folder = tmp_path_factory.mktemp("datasets") / FOLDER
    folder.mkdir()
    brand, creator = np.arange(72) * 2, np.arange(200) * 3  # indices with gaps, as in the files
    pairs = np.argwhere(world.ties.toarray() > 0)
    pd.DataFrame({"brand_idx": brand}).to_csv(folder / "train_brands.csv", index=False)
    pd.DataFrame({"influencer_idx": creator}).to_csv(folder / "train_influencers.csv", index=False)
    shuffled = pd.DataFrame({"brand_idx": brand, "brand": "x", "category_inferred": "food"})
    shuffled.sample(frac=1, random_state=0).to_csv(folder / "brands.csv", index=False)
    pd.DataFrame(
        {
            "brand_idx": brand[pairs[:, 0]],
            "influencer_idx": creator[pairs[:, 1]],
            "competence": 0.1,
            "rank_in_brand": 1,
        }
    ).to_csv(folder / "train_positives.csv", index=False)
    np.savez(
        folder / "train_features.npz",
        train_brand_text_lda=random.dirichlet(np.ones(4), 72),
        train_inf_text_lda=random.dirichlet(np.ones(4), 200),
        train_brand_hashtag_n2v=world.brands.vectors["caption"],
        train_inf_hashtag_n2v=world.creators.vectors["caption"],
        train_brand_image_upernet_resnet=random.random((72, 9)),
    )
    return folder.parent


def test_the_files_are_tables_of_the_contract(datasets: Path) -> None:
    made = tables(datasets / FOLDER)
    for name in ("brands", "creators", "collaborations"):
        assert set(TABLES[name].required) <= set(made[name].columns)
    assert (
        made["creator_embeddings.hashtag"]["id"].tolist() == made["creators"]["creator_id"].tolist()
    )


def test_the_section_ranks_brands_it_has_not_learned_from(datasets: Path, tmp_path: Path) -> None:
    settings = QualitySettings(datasets, tmp_path, small=True)
    before = looks.looks(collaborations.NAME)
    section = collaborations.section(settings, silent)
    assert section.metrics["learned/map"] > 1.5 * section.metrics["cosine/map"]
    assert section.metrics["popularity/auc"] == pytest.approx(0.5, abs=0.1)
    assert section.figures["measures"].read_text().startswith("<?xml")
    assert "72 brands" in section.text
    assert looks.looks(collaborations.NAME) == before  # a small run is no look


def test_without_the_files_the_section_says_so(tmp_path: Path) -> None:
    section = collaborations.section(QualitySettings(tmp_path, tmp_path), silent)
    assert "not here" in section.text
