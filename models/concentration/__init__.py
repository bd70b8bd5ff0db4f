"""Concentration: how exposure and invitations gather on few creators, and what a floor costs."""

from models.concentration.floors import FloorCost as FloorCost
from models.concentration.floors import Listings as Listings
from models.concentration.floors import cheapest as cheapest
from models.concentration.inequality import Inequality as Inequality
from models.concentration.inequality import gini as gini
from models.concentration.inequality import inequality as inequality
from models.concentration.inequality import lorenz as lorenz
from models.concentration.of_matrix import Concentration as Concentration
from models.concentration.of_matrix import concentration as concentration
from models.concentration.of_matrix import floors_named as floors_named
from models.concentration.published import published_concentration as published_concentration
