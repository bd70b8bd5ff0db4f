"""Words in pictures lie on no curve where there is room."""

from serving.picture import clear_spot

AREA = (0.0, 600.0)


def test_words_stand_below_where_a_curve_runs_above() -> None:
    x, y, anchor = clear_spot((100, 100), "worth", [[(0, 80), (600, 92)]], *AREA)
    assert (x, y, anchor) == (100, 122, "start")


def test_near_the_right_edge_words_end_at_the_point() -> None:
    steep = [[(500, 200), (590, 100)]]  # above the point its words would lie on nothing
    assert clear_spot((590, 100), "worth 954k", steep, *AREA) == (590, 88, "end")


def test_where_curves_run_everywhere_the_least_crossed_spot_is_taken() -> None:
    wall = [[(0.0, float(y)), (600.0, float(y))] for y in range(0, 300, 6) if not 122 < y < 140]
    assert clear_spot((100, 100), "worth", wall, *AREA)[1] == 138
