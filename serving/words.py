"""Numbers as a manager reads them: short, with units, never more digits than are known."""

from models.shortlists.rows import Estimate

UNKNOWN = "-"


def amount(value: float | None, digits: int = 3) -> str:
    """Money or counts, to so many digits.

    >>> [amount(v) for v in (4500, 2_250_000, 99.4, -1234, None)]
    ['4.5k', '2.25M', '99', '-1.23k', '-']
    """
    if value is None:
        return UNKNOWN
    for unit, size in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(value) >= 0.9995 * size:
            return f"{float(f'{value / size:.{digits}g}'):.4g}{unit}"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"


def percent(value: float | None) -> str:
    """A share.

    >>> [percent(v) for v in (0.0531, 0.5, 0.00042, None)]
    ['5.3%', '50%', '0.042%', '-']
    """
    return UNKNOWN if value is None else f"{_plain(100 * value)}%"


def probability(value: float | None) -> str:
    """A probability, never told as certain.

    >>> [probability(v) for v in (0.5, 0.9999, 0.001, None)]
    ['50%', '>99%', '<1%', '-']
    """
    if value is None:
        return UNKNOWN
    return ">99%" if value > 0.99 else "<1%" if value < 0.01 else f"{100 * value:.0f}%"


def signed_percent(value: float | None) -> str:
    """A change; from eleven times on as a factor.

    >>> signed_percent(0.5), signed_percent(-0.125), signed_percent(818.25)
    ('+50%', '-12%', 'x819')
    """
    if value is None:
        return UNKNOWN
    return f"x{value + 1:,.0f}" if value >= 10 else f"{100 * value:+.0f}%"


def interval(estimate: Estimate | None, *, share: bool = False) -> str:
    """The 80 % interval alone.

    >>> interval(Estimate(0.06, 0.03, 0.12), share=True)
    '3-12%'
    >>> interval(Estimate(4500, 2250, 9000))
    '2.2k..9k'
    """
    if estimate is None or estimate.lo80 is None or estimate.hi80 is None:
        return ""
    if share:
        return f"{_plain(100 * estimate.lo80)}-{percent(estimate.hi80)}"
    return f"{amount(estimate.lo80, digits=2)}..{amount(estimate.hi80, digits=2)}"


def _plain(value: float) -> str:
    """Two digits, without an exponent."""
    if abs(value) >= 10:
        return f"{value:.0f}"
    return f"{float(f'{value:.2g}'):.6f}".rstrip("0").rstrip(".")
