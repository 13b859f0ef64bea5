"""Zotero libraries over the web API and the desktop's local API: read, plan, apply, journal, undo."""
