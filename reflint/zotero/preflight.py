"""What must be true before anything is written: whose key, which right, which role, which library."""

from __future__ import annotations

from reflint.errors import SourceError
from reflint.zotero.address import Address
from reflint.zotero.plan import Plan
from reflint.zotero.web import Refused, Rights, Web

OF_THE_DESK = Rights(0, True, True)
"""Whoever sits at the desktop: their library is users/0."""


def writer(web: Web) -> Rights:
    """Whose key it is, when it may write to the library; asked of the key, the group and the server itself.

    Raises SourceError that says which right is missing. Nothing is written.
    """
    if web.address.local:
        web.versions(since=0)
        if web.server_id is None:
            raise SourceError(
                f"{web.address}: this Zotero cannot be written to by other programs (Zotero 10 can); "
                "plan and apply with zotero:users/ID or zotero:groups/ID, through the web"
            )
        return OF_THE_DESK
    rights = web.rights()
    if not rights.read:
        raise SourceError(f"{web.address}: this API key may not read the library; see zotero.org/settings/keys")
    if not rights.write:
        raise SourceError(f"{web.address}: this API key is read-only here; see zotero.org/settings/keys")
    try:
        web.probe_writing()
    except Refused as error:
        editing = web.group().get("libraryEditing") if web.address.kind == "group" else None
        if error.status == 403 and editing:
            raise SourceError(f"{web.address}: your role may not write to this group; {editing} may") from None
        raise
    return rights


def demand_web(address: Address) -> None:
    """Raises SourceError for a desktop's library, which is never merged."""
    if address.local:
        raise SourceError(
            f"{address}: a desktop's library is merged by Zotero itself (Duplicate Items), or through the web with "
            "zotero:users/ID or zotero:groups/ID"
        )


def merging(web: Web, rights: Rights) -> bool:
    """Whether attachments with stored files may be moved. Raises SourceError where nothing is merged at all."""
    demand_web(web.address)
    if not rights.notes:
        raise SourceError(f"{web.address}: this API key may not see notes, so it cannot move them; nothing is merged")
    if web.address.kind == "user":
        return rights.files
    group = web.group()
    editing, admins = group.get("fileEditing"), {group.get("owner"), *group.get("admins", ())}
    return editing == "members" or (editing == "admins" and rights.user in admins)


def fitting(plan: Plan, web: Web, rights: Rights, seen_lmv: int) -> None:
    """Raises SourceError when a plan is not for this library, of another user, or newer than the library itself."""
    if plan.header.library != web.address.library:
        raise SourceError(f"{web.address}: the plan is for {plan.header.library}")
    if plan.header.server != web.server_id:
        raise SourceError(f"{web.address}: the plan was made with another Zotero or another of its databases")
    if plan.header.userID != rights.user:
        raise SourceError(
            f"{web.address}: the plan was made with the key of user {plan.header.userID}, this key is of {rights.user}"
        )
    _, lmv = web.versions(since=max(seen_lmv, plan.header.lmv))
    if lmv < max(seen_lmv, plan.header.lmv):
        raise SourceError(
            f"{web.address}: the library is at version {lmv}, older than the plan or run ({seen_lmv}): "
            "it was restored from a backup; make a new plan"
        )
