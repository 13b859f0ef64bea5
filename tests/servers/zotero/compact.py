"""Makes schema.json of this folder out of Zotero's published schema: `python -m tests.servers.zotero.compact FILE`.

Only names and their order are kept: item types with their fields (`own:base` where a field stands for a base field) and
creator types (the first is the primary one), English labels, and the CSL maps, each as one line of words.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("schema.json")


def compact(schema: dict[str, Any]) -> dict[str, Any]:
    """The table of a schema as https://api.zotero.org/schema answers it."""
    labels = schema["locales"]["en-US"]
    return {
        "version": schema["version"],
        "types": {
            kind["itemType"]: {
                "fields": " ".join(
                    f"{field['field']}:{field['baseField']}" if "baseField" in field else field["field"]
                    for field in kind["fields"]
                ),
                "creators": " ".join(
                    creator["creatorType"]
                    for creator in sorted(kind["creatorTypes"], key=lambda creator: not creator.get("primary"))
                ),
            }
            for kind in schema["itemTypes"]
        },
        "labels": {kind: labels[kind] for kind in ("itemTypes", "fields", "creatorTypes")},
        "csl": {
            "types": {csl: " ".join(types) for csl, types in schema["csl"]["types"].items()},
            "text": {csl: " ".join(fields) for csl, fields in schema["csl"]["fields"]["text"].items()},
            "date": schema["csl"]["fields"]["date"],
            "names": schema["csl"]["names"],
        },
    }


if __name__ == "__main__":
    table = compact(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
