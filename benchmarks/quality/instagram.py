"""Brands and micro-influencers of Instagram (Gan et al. 2019), as the tables of the contract.

286 brands, 3,075 influencers and 3,385 past collaborations, without dates, with vectors of
captions and hashtags on both sides and of images on the brands' side. A brand's industry was
inferred by whoever prepared the files.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from models.collaboration.partners import Side, tied
from pipelines.collaborations import Collaborations

FOLDER: Final = "brand_influencer_instagram"
SETS: Final = {
    "brand_embeddings.topic": "train_brand_text_lda",
    "brand_embeddings.hashtag": "train_brand_hashtag_n2v",
    "brand_embeddings.image": "train_brand_image_upernet_resnet",
    "creator_embeddings.topic": "train_inf_text_lda",
    "creator_embeddings.hashtag": "train_inf_hashtag_n2v",
}
NOBODY_SAYS_WHEN: Final = pd.Timestamp("2019-01-01")


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """`brands`, `creators`, `collaborations` and the given vectors, under the contract's names."""
    brand = pd.read_csv(folder / "train_brands.csv")["brand_idx"]
    influencer = pd.read_csv(folder / "train_influencers.csv")["influencer_idx"]
    about = pd.read_csv(folder / "brands.csv").set_index("brand_idx").loc[brand]
    pairs = pd.read_csv(folder / "train_positives.csv")
    ids = {"brand": _ids("b", brand), "creator": _ids("c", influencer)}
    made = {
        "brands": pd.DataFrame(
            {
                "brand_id": ids["brand"],
                "name": about["brand"].to_numpy(),
                "industry": about["category_inferred"].to_numpy(),
            }
        ),
        "creators": pd.DataFrame({"creator_id": ids["creator"]}),
        "collaborations": pd.DataFrame(
            {
                "collaboration_id": [f"x{i}" for i in range(len(pairs))],
                "status": "aired",
                "at": NOBODY_SAYS_WHEN,
                "brand_id": _ids("b", pairs["brand_idx"]),
                "creator_id": _ids("c", pairs["influencer_idx"]),
            }
        ),
    }
    with np.load(folder / "train_features.npz") as arrays:
        for table, name in SETS.items():
            vectors = arrays[name]
            frame = pd.DataFrame(vectors, columns=[f"e{i}" for i in range(vectors.shape[1])])
            frame.insert(0, "id", ids[table.partition("_")[0]])
            made[table] = frame
    return made


def collaborations(folder: Path) -> Collaborations:
    """The same as the collaboration model sees it, brands and creators in the files' order."""
    made = tables(folder)
    vectors = {name: frame.set_index("id") for name, frame in made.items() if "_embeddings" in name}

    def side(letter: str, ids: pd.Series, category: pd.Series | None) -> Side:
        given = {
            name.partition(".")[2]: frame
            for name, frame in vectors.items()
            if name.startswith(letter)
        }
        return Side.of(ids.tolist(), None if category is None else category.tolist(), given)

    brands = side("brand", made["brands"]["brand_id"], made["brands"]["industry"])
    creators = side("creator", made["creators"]["creator_id"], None)
    first = made["collaborations"][["brand_id", "creator_id", "at"]]
    return Collaborations(brands, creators, tied(brands.ids, creators.ids, first), first)


def _ids(letter: str, numbers: pd.Series) -> list[str]:
    return [f"{letter}{number}" for number in numbers]
