"""Mendeley Cite (the third version): citations in the tags of content controls."""

from __future__ import annotations

import base64

from reflint.word.managers.base import BadPayloadError, Context, Payload, text
from reflint.word.managers.csl_citation import loads, payload_of

_TAG = "MENDELEY_CITATION_v3_"


def mendeley_cite(tag: str, context: Context) -> Payload:
    """The payload of a content control whose tag is `MENDELEY_CITATION_v3_` and base64 of JSON."""
    encoded = tag.removeprefix(_TAG)
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode("utf-8")
    except ValueError as error:
        raise BadPayloadError(f"the tag is not base64 of UTF-8 ({error})") from None
    data = loads(decoded)
    override = data.get("manualOverride")
    payload = payload_of(data)
    if isinstance(override, dict):
        flags = payload.flags | ({"isManuallyOverridden"} if override.get("isManuallyOverridden") else set())
        stored = text(override.get("manualOverrideText")) or text(override.get("citeprocText"))
        payload = payload._replace(stored=stored or None, flags=flags)
    return payload
