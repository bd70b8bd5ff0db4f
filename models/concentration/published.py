"""Concentration as scoring publishes it beside the matrix, so that the usual question is read."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from models.concentration.of_matrix import FLOORS, USUAL_K, Concentration, Measure, concentration
from models.matrix.matrix import AllianceMatrix

CONCENTRATION: Final = "concentration.json"
_SHAPE: Final = TypeAdapter(Concentration)


def write(told: Concentration, version: str, folder: Path) -> Path:
    """Write it into the folder of that version; returns the file."""
    path = folder / CONCENTRATION
    path.write_bytes(_SHAPE.dump_json(replace(told, matrix_version=version)))
    return path


def read(folder: Path, version: str) -> Concentration | None:
    """What was published with that version; None where nothing readable of it was.

    Nor where another version of the code held another k or other floors for the usual ones.
    """
    try:
        told = _SHAPE.validate_json((folder / CONCENTRATION).read_bytes())
    except (OSError, ValidationError):
        return None
    usual = told.k == USUAL_K and told.floor.floors.items() <= FLOORS.items()
    return told if usual and told.matrix_version == version else None


def published_concentration(
    matrix: AllianceMatrix,
    folder: Path,
    k: int = USUAL_K,
    floors: Mapping[str, float] | None = None,
    floor_of: Measure | None = None,
    objective: str | None = None,
) -> Concentration:
    """As `concentration`; the usual question is read from the matrix's folder where it lies there.

    Another question, or a matrix published without it, is solved on request.
    """
    if (k, floors, floor_of, objective) == (USUAL_K, None, None, None):
        told = read(folder, matrix.manifest.version)
        if told is not None:
            return told
    return concentration(matrix, k, floors, floor_of, objective)
