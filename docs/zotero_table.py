"""Writes reflint/formats/zotero/table.json from Zotero's schema: `python docs/zotero_table.py SCHEMA`.

The schema is what https://api.zotero.org/schema answers; it is not part of this repository, only the facts in it are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reflint.formats.zotero.schema import TABLE, compact


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    table = compact(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    types = table.pop("itemTypes")
    head = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in table.items()]
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in types.items())
    TABLE.write_text("{" + ",\n".join(head) + ',\n"itemTypes": {\n' + rows + "\n}}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
