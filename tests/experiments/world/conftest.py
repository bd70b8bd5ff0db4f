"""Worlds that several test files look at; each is simulated once."""

import pytest

from experiments.world.settings import WorldSettings
from experiments.world.simulate import World, simulate


@pytest.fixture(scope="session")
def small() -> World:
    return simulate(WorldSettings.small())


@pytest.fixture(scope="session")
def middling() -> World:
    """A quarter of the default world."""
    return simulate(WorldSettings(seed=5, brands=24, creators=250, days=540, lines=60_000))


@pytest.fixture(scope="session")
def head() -> World:
    return simulate(WorldSettings.head_only(seed=1))
