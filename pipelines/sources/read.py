"""Read a source: which reader the words after `alliance ingest` mean."""

from pathlib import Path

from features.errors import WrongInput
from pipelines.progress import Progress, silent
from pipelines.sources.mapping import read_mapping
from pipelines.sources.raw import RawSource

FOREIGN = ("complete-journey", "chanmama")
_YEAR = "?year="


def read_source(source: str, mapping: Path | None = None, progress: Progress = silent) -> RawSource:
    """The raw tables of a folder, a database URL, `complete-journey` or `chanmama:FOLDER?year=Y`.

    Raises WrongInput when the source does not exist or cannot take a mapping.
    """
    kind, _, place = source.partition(":")
    if kind in FOREIGN:
        if mapping is not None:
            raise WrongInput(f"{kind} has its own reader: it takes no mapping.")
        return _read_foreign(kind, place, progress)
    read = None if mapping is None else read_mapping(mapping)
    if "://" in source:
        from pipelines.sources.database import read_database

        return read_database(source, read)
    from pipelines.sources.folder import read_folder

    return read_folder(Path(source), read)


def _read_foreign(kind: str, place: str, progress: Progress) -> RawSource:
    if kind == "complete-journey":
        from pipelines.sources import complete_journey

        return complete_journey.read(progress)
    from pipelines.sources import chanmama

    folder, _, year = place.partition(_YEAR)
    if not folder or (year and not year.isdigit()):
        raise WrongInput(f"expected chanmama:FOLDER{_YEAR}2021, not '{kind}:{place}'.")
    return chanmama.read(Path(folder), int(year) if year else None, progress)
