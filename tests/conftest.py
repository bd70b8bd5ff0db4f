"""What every test shares."""

import os

import pytest


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are not forced to the disk: no test is about a power cut, and a shared disk is slow."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
