"""Charts of a diagnosis as files: SVG or HTML by their ending."""

from collections.abc import Sequence
from pathlib import Path

from features.errors import WrongInput
from serving.diagnosis import BrandDiagnosis
from serving.diagnosis_chart import chart_svg
from serving.diagnosis_page import chart_html

ENDINGS = {".svg": chart_svg, ".html": chart_html}


def chart_files(asked: Path | None, name: str) -> tuple[Path, ...]:
    """The file asked for, else one of each kind in the current folder.

    Raises WrongInput for another ending and for a folder that is not there.
    """
    if asked is None:
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        return tuple(Path(f"{safe}{ending}") for ending in ENDINGS)
    if asked.suffix.lower() not in ENDINGS:
        raise WrongInput(f"{asked}: a chart is written as {' or '.join(ENDINGS)}.")
    if not asked.parent.is_dir():
        raise WrongInput(f"{asked}: there is no folder {asked.parent}.")
    return (asked,)


def write_charts(files: Sequence[Path], told: BrandDiagnosis) -> Sequence[Path]:
    for file in files:
        file.write_text(ENDINGS[file.suffix.lower()](told), encoding="utf-8")
    return files
