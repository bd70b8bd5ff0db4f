"""Write a source: frames in naive UTC become a source folder that anybody could have exported."""

import os
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from features.errors import WrongInput

FileFormat = Literal["parquet", "csv", "xlsx"]


def write_source(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    format: FileFormat = "parquet",  # noqa: A002  # the word a reader expects
    zone: str = "Asia/Shanghai",
) -> None:
    """Write one file for each table, times with the offset of `zone`, all at once or not at all.

    Raises WrongInput when the folder exists and is not empty.
    """
    refuse_filled(folder)
    building = folder.with_name(f".{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for name, frame in tables.items():
        _write(frame, building / f"{name}.{format}", format, zone)
    if folder.exists():
        folder.rmdir()
    os.replace(building, folder)


def refuse_filled(folder: Path) -> None:
    """Raise WrongInput when there is something at `folder` already."""
    if folder.exists() and not folder.is_dir():
        raise WrongInput(f"'{folder}' is a file: name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise WrongInput(f"'{folder}' is not empty: name a new folder.")


def _write(frame: pd.DataFrame, path: Path, format: FileFormat, zone: str) -> None:  # noqa: A002
    times = frame.select_dtypes("datetime").columns
    local = {name: frame[name].dt.tz_localize("UTC").dt.tz_convert(zone) for name in times}
    if format == "parquet":
        frame.assign(**local).to_parquet(path, index=False)
        return
    frame = frame.assign(**{name: iso_times(column) for name, column in local.items()})
    if format == "csv":
        frame.to_csv(path, index=False)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the engine's, about its own date handling
        frame.to_excel(path, index=False)


def iso_times(times: pd.Series) -> pd.Series:
    """Zoned times as ISO 8601 text with their offset, null where there is none."""
    text = times.dt.strftime("%Y-%m-%dT%H:%M:%S.%f%z").str.replace(r"\.0+(?=[+-])", "", regex=True)
    return text.str.replace(r"(\d\d)$", r":\1", regex=True).where(times.notna())
