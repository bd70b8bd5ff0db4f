"""Rising creators: whose sessions draw more people than before, beyond luck and the market."""

from models.rising.contrasts import LEAST_GROWTH as LEAST_GROWTH
from models.rising.growth import Growth as Growth
from models.rising.growth import growth as growth
from models.rising.levels import SessionLevels as SessionLevels
from models.rising.levels import session_levels as session_levels
from models.rising.named import DISCOVERY_RATE as DISCOVERY_RATE
from models.rising.named import named as named
