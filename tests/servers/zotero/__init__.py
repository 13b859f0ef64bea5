"""A Zotero data server for tests: what the real one does with items, versions, keys and faults, in this process."""

from tests.servers.zotero.library import Change
from tests.servers.zotero.messages import Died, Refusal, Request, Response
from tests.servers.zotero.state import Server
from tests.servers.zotero.transport import Transport

__all__ = ["Change", "Died", "Refusal", "Request", "Response", "Server", "Transport"]
