"""Arrays in, scores out: how a peer's module is called."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
Answer = Callable[[Arrays, Mapping[str, Any]], npt.NDArray[np.float64]]


def serve(answer: Answer) -> None:
    """Read the .npz named first, write the scores to the one named second."""
    asked, answered = sys.argv[1:]
    with np.load(asked, allow_pickle=False) as read:
        arrays = {name: read[name] for name in read.files}
    settings = json.loads(str(arrays.pop("settings")))
    np.savez(answered, scores=np.asarray(answer(arrays, settings), dtype=np.float64))
