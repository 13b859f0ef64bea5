"""Pages of HTML from the templates beside this file: self-contained, everything that is put in escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


def page(template: str, **values: object) -> str:
    """A page made from a template."""
    return _environment().get_template(template).render(**values)
