"""Peers run in an environment of their own: arrays out as .npz, scores back as .npz."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from features.errors import NotReady
from models.prediction import Floats

ROOT: Final = Path(__file__).parents[3]
PYTHON: Final = ROOT / ".venv-peers" / "bin" / "python"
PACKAGE: Final = "benchmarks.quality.peers.outside"


def is_installed() -> bool:
    return PYTHON.exists()


def apart(
    module: str, settings: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
) -> Floats:
    """What `outside/<module>.py` makes of the arrays, on one thread.

    Raises NotReady when the environment is absent or the module fails.
    """
    if not is_installed():
        raise NotReady(f"The peers' environment {PYTHON.parents[1].name} is absent: 'make peers'.")
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.npz", Path(folder) / "answered.npz"
        everything: dict[str, Any] = {"settings": np.array(json.dumps(dict(settings))), **arrays}
        np.savez(asked, **everything)
        run = subprocess.run(
            [PYTHON, "-m", f"{PACKAGE}.{module}", asked, answered],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise NotReady(f"The peer {module} {dict(settings)} failed: {run.stderr[-2000:]}")
        with np.load(answered, allow_pickle=False) as answer:
            return np.asarray(answer["scores"], dtype=float)
