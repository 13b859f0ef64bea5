"""Bodies of requests as the OpenAPI document shows them; the tests send each to a real backend."""

from __future__ import annotations

from typing import Any

_RIS = "TY  - JOUR\nAU  - Okafor, Ngozi\nTI  - Storm tides\nT2  - Letters on Fog\nPY  - 2014\nSP  - 330-7\nER  - \n"
_CSL = {"id": "okafor", "type": "article-journal", "title": "Storm tides", "page": "330-7"}
_ITEM = {
    "key": "ABCD2345",
    "version": 7,
    "data": {"key": "ABCD2345", "version": 7, "itemType": "journalArticle", "title": "Storm tides", "pages": "330-7"},
}
_OP = {"op": "set", "field": "pages", "before": "330-7", "after": "330-337"}
_LIBRARY = "zotero:groups/70"
_SETTINGS = {"profile": "strict", "ignore": ["URL005"], "severity": {"PAG003": "error"}}
Bodies = dict[str, Any]

LOGIN: Bodies = {"the code of a page": {"code": "CODE"}}
LINT: Bodies = {
    "RIS": {"format": "ris", "text": _RIS},
    "CSL-JSON": {"format": "csl", "records": [_CSL]},
    "Zotero's JSON, with settings": {"format": "zotero", "records": [_ITEM], "config": _SETTINGS},
}
FIX: Bodies = {
    "all that is safe": {"format": "ris", "text": _RIS, "accept": "safe"},
    "some findings, by their fingerprints": {"format": "csl", "record": _CSL, "accept": ["bac12c2a0a6042bb"]},
    "patches, as a lint answers them": {
        "format": "zotero",
        "record": _ITEM,
        "patches": [{"record": "ABCD2345", "version": 7, "ops": [_OP]}],
    },
}
DEDUPE: Bodies = {
    "RIS": {"format": "ris", "text": _RIS + _RIS},
    "CSL-JSON": {"format": "csl", "records": [_CSL, {**_CSL, "id": "okafor2014"}]},
}
PREVIEW: Bodies = {"the first record with its first finding repaired": {"record": 0, "accept": [0]}}
REPAIRED: Bodies = {"the first two findings": {"accept": [0, 1]}}
CHECK: Bodies = {"a group": {"library": _LIBRARY}}
PLAN: Bodies = {"a group, one rule": {"library": _LIBRARY, "config": {"select": ["PAG003"]}, "unsafe": False}}
_PATCH = {"record": "ABCD2345", "version": 7, "ops": [_OP], "rules": ["PAG003"]}
APPLY: Bodies = {
    "a dry run": {"library": _LIBRARY, "patches": [_PATCH]},
    "written": {"library": _LIBRARY, "patches": [_PATCH], "dryRun": False},
}
UNDO: Bodies = {
    "a dry run": {"run": "20261122T235644-groups-70-ae87"},
    "taken back": {"run": "20261122T235644-groups-70-ae87", "dryRun": False},
}
