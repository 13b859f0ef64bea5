"""What the options of several commands share."""

from __future__ import annotations

import click


def codes(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str]:
    """Rule codes given several times, or several at once between commas or blanks, as one list."""
    return [code for one in value for code in one.replace(",", " ").split()]


def listed(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str]:
    """What was given several times, as a list."""
    return list(value)
