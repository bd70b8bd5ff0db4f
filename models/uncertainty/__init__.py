"""How sure a forecast is: noise, intervals, their calibration, one session's spread."""
