"""Numbers as sentences write them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in per cent, with a digit more near the ends: ``23 %``, ``4.2 %``, ``<0.1 %``, ``99.6 %``."""
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "<0.1 %"
    if share > 0.999:
        return ">99.9 %"
    return f"{100 * share:.{0 if 0.0995 <= share < 0.9 else 1}f} %"


def interval(low: float, high: float) -> str:
    """An interval of shares in per cent: ``20–26 %``."""
    return f"{percent(low).removesuffix(' %')}–{percent(high)}"


def worlds_text(count: int) -> str:
    """A number of worlds: ``1,000 worlds``, ``1 world``."""
    return f"{count:,} world{'' if count == 1 else 's'}"


def listed(parts: list[str]) -> str:
    """Join parts with commas and a last "and"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
