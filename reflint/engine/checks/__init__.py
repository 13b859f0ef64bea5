"""The check primitives that rules name, one file a family. Importing the package registers them."""

from reflint.engine.checks import (
    containers,
    creators,
    dates,
    extra,
    generic,
    identifiers,
    library,
    lookup,
    manuscript,
    pages,
    syntax,
    texts,
    titles,
    urls,
    volumes,
    zotero,
)

__all__ = [
    "containers",
    "creators",
    "dates",
    "extra",
    "generic",
    "identifiers",
    "library",
    "lookup",
    "manuscript",
    "pages",
    "syntax",
    "texts",
    "titles",
    "urls",
    "volumes",
    "zotero",
]
