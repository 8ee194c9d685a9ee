"""Numbers as sentences write them."""

from __future__ import annotations

import math

from sim.results.intervals import wilson


def percent(share: float) -> str:
    """A share in per cent, with a digit more near the ends: ``23 %``, ``4.2 %``, ``<0.1 %``, ``99.6 %``."""
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "<0.1 %"
    if share > 0.999:
        return ">99.9 %"
    return f"{100 * share:.{0 if 0.0995 <= share < 0.9 else 1}f} %"


COARSE = 0.04
"""An interval of shares at least this wide bears no tenth of a per cent."""


def measured(share: float, low: float, high: float) -> str:
    """A share that was estimated, with the digits that its interval bears: ``23 %``, ``4.2 %``, ``98 %``."""
    return _coarse(share) if high - low >= COARSE else percent(share)


def share(happened: int, worlds: int) -> str:
    """The share of some worlds in which something happened, with the digits that so many worlds bear."""
    low, high = wilson(happened, worlds)
    return measured(happened / max(worlds, 1), float(low), float(high))


def _coarse(share: float) -> str:
    """A share in whole per cent; what is not nothing or everything is not written as such."""
    if share in (0.0, 1.0):
        return percent(share)
    whole = round(100 * share)
    return "<1 %" if whole == 0 else ">99 %" if whole == 100 else f"{whole} %"


def interval(low: float, high: float) -> str:
    """An interval of shares in per cent, with the digits that its width bears: ``20–26 %``, ``3.1–5.5 %``."""
    write = _coarse if high - low >= COARSE else percent
    return f"{write(low).removesuffix(' %')}–{write(high)}"


def amount(mean: float, error: float) -> str:
    """A mean with the digits that its standard error bears, two at most: ``10.2``, ``0.61``, ``8``."""
    return f"{mean:.{decimals(error)}f}"


def decimals(error: float) -> int:
    """How many decimals a number of some standard error bears, two at most; two where nothing is known of it."""
    if not math.isfinite(error) or error <= 0.0:
        return 2
    return min(2, max(0, math.ceil(-math.log10(error) - 1e-9)))


def worlds_text(count: int) -> str:
    """A number of worlds: ``1,000 worlds``, ``1 world``."""
    return f"{count:,} world{'' if count == 1 else 's'}"


def listed(parts: list[str]) -> str:
    """Join parts with commas and a last "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
