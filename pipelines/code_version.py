"""Which code made a model: the package's version and a hash of the source that really ran."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("features", "models", "experiments", "serving", "pipelines")


@cache
def code_version() -> str:
    """`<version>+<12 digits>`: equal exactly when every source file is, committed or not."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('alliance')}+{digest.hexdigest()[:12]}"
