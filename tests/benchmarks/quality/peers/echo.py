"""Stands in for a peer of the environment apart: answers with what it was asked."""

from collections.abc import Mapping
from typing import Any

from benchmarks.quality.peers.outside.exchange import Arrays, serve
from models.prediction import Floats


def echoed(arrays: Arrays, settings: Mapping[str, Any]) -> Floats:
    if settings["fails"]:
        raise ValueError("no such sand")
    return arrays["sand"] * settings["times"]


if __name__ == "__main__":
    serve(echoed)
