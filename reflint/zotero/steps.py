"""The steps of a merge plan: what the kept item is given, what moves to it, and what goes to the trash."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from reflint.formats import zotero
from reflint.zotero import moving
from reflint.zotero.values import Key, Value, same

Role = Literal["survivor", "child", "loser"]
Moved = Value | list[str] | dict[str, str | list[str]] | int
"""A field's value, or that of `collections`, `relations`, `deleted`, `parentItem`."""
CHILDREN = ("note", "attachment")
_RANKS: dict[moving.Kind, tuple[Role, ...]] = {
    "merge": ("survivor", "child", "loser"),
    "unmerge": ("loser", "child", "survivor"),
}


class Difference(BaseModel):
    """A field that two records of one work fill differently: the value that is kept, and the one that is left."""

    model_config = ConfigDict(extra="forbid")

    kept: Value
    left: Value


class Step(BaseModel):
    """What a merge does to one item (or takes back of it): to the item that is kept, to a note or attachment that moves
    to it, or to an item that goes to the trash. Only the fields in `set` are sent, while those in `expect` hold."""

    model_config = ConfigDict(extra="forbid")

    type: moving.Kind
    group: Annotated[Key, Field(description="the item that is kept")]
    key: Key
    itemType: str  # noqa: N815
    version: Annotated[int, Field(ge=1, strict=True, description="the item's version that was read")]
    set: dict[str, Moved]
    expect: dict[str, Moved]
    losers: Annotated[list[Key], Field(description="of the item that is kept: those it stands for now")] = []
    differs: Annotated[dict[str, Difference], Field(description="of one for the trash: what it says otherwise")] = {}
    why: Annotated[list[str], Field(description="of one for the trash: why it is the same work")] = []

    @property
    def role(self) -> Role:
        """What the item is in its group."""
        if self.key == self.group:
            return "survivor"
        return "child" if "parentItem" in self.set else "loser"

    @property
    def rank(self) -> int:
        """When its turn is: after the steps of its group with a lower rank."""
        return _RANKS[self.type].index(self.role)

    @property
    def is_last(self) -> bool:
        """Whether it is the last of its group: only what other items hold makes it harmless."""
        return self.rank == len(_RANKS[self.type]) - 1

    @property
    def strict(self) -> bool:
        """Whether it is left alone when the item was changed in any way since it was planned."""
        return self.type == "merge" and self.role != "child"

    @property
    def rules(self) -> list[str]:
        """No rule asks for a merge."""
        return []

    @property
    def confidence(self) -> Literal["high"]:
        """Only sure groups are planned."""
        return "high"

    @property
    def evidence(self) -> dict[str, list[str]]:
        """What a person should know of the item that goes to the trash."""
        told = [f"{name}: {_words(one.left)} (kept: {_words(one.kept)})" for name, one in self.differs.items()]
        return {"deleted": [*self.why, *told]} if self.role == "loser" else {}

    @model_serializer(mode="wrap")
    def _without_nothing(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        absent = ("losers", "differs", "why")
        return {name: value for name, value in whole(self).items() if name not in absent or value}

    @model_validator(mode="after")
    def _whole(self) -> Step:
        if self.set.keys() != self.expect.keys():
            odd = ", ".join(sorted(self.set.keys() ^ self.expect.keys()))
            raise ValueError(f"`set` and `expect` must name the same fields ({odd})")
        plain = {name: value for name, value in self.set.items() if name not in moving.MOVES}
        why = (
            zotero.fault(self.itemType, plain) or _fault_of_role(self) or moving.fault(self.type, self.set, self.expect)
        )
        if why:
            raise ValueError(why)
        unmoved = [name for name in self.set if same(name, self.set[name], self.expect[name])]
        if unmoved:
            raise ValueError(f"{', '.join(unmoved)}: the new value is the old one")
        return self


def _fault_of_role(step: Step) -> str:
    """Why a step is not what its place in the group asks for; `""` when it is."""
    if step.role == "survivor":
        odd = {"deleted", "parentItem"} & step.set.keys()
        if odd or step.itemType in CHILDREN or step.key in step.losers or not step.losers:
            return "the item that is kept stands for others, and is neither moved nor trashed"
        return ""
    if step.losers or (step.role == "child" and (step.differs or step.why)):
        return "`losers` belongs to the item that is kept, `differs` and `why` to one that goes to the trash"
    if step.role == "loser":
        return "" if step.set.keys() == {"deleted"} and step.itemType not in CHILDREN else "only `deleted` is set here"
    home = step.set["parentItem"] if step.type == "merge" else step.expect["parentItem"]
    if home != step.group or step.itemType not in CHILDREN:
        return "a note or attachment moves to the item that is kept"
    return ""


def _words(value: Value) -> str:
    """A value in one line."""
    if isinstance(value, str):
        return value
    return "; ".join(", ".join(str(part) for name, part in one.items() if name != "creatorType") for one in value)
