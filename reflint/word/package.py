"""The zip package of a manuscript: opened under limits that hold while inflating, single members rewritten in it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from reflint.errors import SourceError
from reflint.word.impostors import what_instead

MIB: Final = 1 << 20
MAX_PACKAGE: Final = 64 * MIB
MAX_INFLATED: Final = 300 * MIB
MAX_MEMBER: Final = 100 * MIB
MAX_MEMBERS: Final = 5_000
MAX_RATIO: Final = 200
FREE_OF_RATIO: Final = MIB
"""Bytes of a member that may come of nothing: only beyond them the ratio counts."""

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_LOCAL_SIGN, _ENTRY_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _TRAILING_SIZES, _UTF8 = 0x1, 0x8, 0x800
_MAX_ENTRY = 512
_FIRST_DATE = 0x21
"""1 January 1980: zip knows nothing before it."""
_CHUNK = 1 << 16


class Member(NamedTuple):
    """One file of the package: offsets of its local record, of its data, and what the directory says of it."""

    name: str
    entry: bytes
    start: int
    data_start: int
    data_end: int
    method: int
    checksum: int
    size: int


class Package:
    """A zip package, whole and harmless: every member has been inflated once, under all limits.

    Raises SourceError for what is no such package, and says what it is instead.
    """

    def __init__(self, data: bytes) -> None:
        if instead := what_instead(data):
            raise SourceError(instead)
        if len(data) > MAX_PACKAGE:
            raise SourceError(f"is larger than {MAX_PACKAGE // MIB} MiB")
        self.data = data
        self._directory, members = _members_of(data)
        self._members = {member.name: member for member in members}
        total = 0
        for member in members:
            for chunk in self._chunks(member):
                total += len(chunk)
                if total > MAX_INFLATED:
                    raise SourceError(f"inflates to more than {MAX_INFLATED // MIB} MiB")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, in the order of the directory."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises SourceError when there is none of this name."""
        if name not in self._members:
            raise SourceError(f"has no part {name}")
        return b"".join(self._chunks(self._members[name]))

    def replaced(self, parts: Mapping[str, bytes], added: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
        """The package with other bytes for some of its members; every other member keeps its compressed bytes.

        Order, names and dates stay. `added` are new members, behind all others. Raises SourceError when a member does
        not exist, or an added one does.
        """
        for name in parts:
            if name not in self._members:
                raise SourceError(f"has no part {name}")
        body, directory = bytearray(), bytearray()
        for member, end in zip(self._members.values(), self._record_ends(), strict=True):
            entry = bytearray(member.entry)
            struct.pack_into("<L", entry, 42, len(body))
            if member.name in parts:
                body += _deflated(entry, self.data[member.start : member.data_start], parts[member.name])
            else:
                body += self.data[member.start : end]
            directory += entry
        for name, content in added.items():
            if name in self._members:
                raise SourceError(f"has a part {name} already")
            entry, local = _new_member(name, len(body))
            body += _deflated(entry, local, content)
            directory += entry
        count = len(self._members) + len(added)
        tail = _END.pack(_END_SIGN, 0, 0, count, count, len(directory), len(body), 0)
        return bytes(body + directory + tail)

    def _record_ends(self) -> Iterator[int]:
        """Where the local record of each member ends, sizes behind the data included."""
        starts = sorted(member.start for member in self._members.values())
        following = dict(zip(starts, [*starts[1:], self._directory], strict=True))
        return (following[member.start] for member in self._members.values())

    def _chunks(self, member: Member) -> Iterator[bytes]:
        """A member's bytes as they come; raises SourceError as soon as they break a limit or what was declared."""
        packed = member.data_end - member.data_start
        size = checksum = 0
        for chunk in _inflated(self.data, member):
            size += len(chunk)
            if size > MAX_MEMBER:
                raise SourceError(f"inflates to more than {MAX_MEMBER // MIB} MiB in {member.name}")
            if size > FREE_OF_RATIO and size > MAX_RATIO * packed:
                raise SourceError(f"holds a zip bomb: {member.name} inflates more than {MAX_RATIO} times")
            if size > member.size:
                break
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if size != member.size or checksum != member.checksum:
            raise SourceError(f"is damaged: {member.name} is not what the zip directory says of it")


def _inflated(data: bytes, member: Member) -> Iterator[bytes]:
    packed = memoryview(data)[member.data_start : member.data_end]
    if member.method == _STORED:
        yield from (bytes(packed[start : start + _CHUNK]) for start in range(0, len(packed), _CHUNK))
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not inflater.eof:
            chunk = inflater.decompress(rest, _CHUNK)
            rest = inflater.unconsumed_tail
            if not chunk and not rest:
                return
            yield chunk
    except zlib.error:
        raise SourceError(f"is damaged: {member.name} cannot be inflated") from None


def _new_member(name: str, at: int) -> tuple[bytearray, bytes]:
    """Directory entry and local header of a new member that stands at an offset, its content still to come."""
    encoded = name.encode()
    head = (20, _UTF8, _DEFLATED, 0, _FIRST_DATE, 0, 0, 0, len(encoded), 0)
    entry = _ENTRY.pack(_ENTRY_SIGN, 20, *head, 0, 0, 0, 0, at)
    return bytearray(entry + encoded), _LOCAL.pack(_LOCAL_SIGN, *head) + encoded


def _deflated(entry: bytearray, head: bytes, content: bytes) -> bytes:
    """The local record of new content, for a member whose local header is `head`; `entry` is brought in line."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    local = bytearray(head)
    numbers = (_DEFLATED, zlib.crc32(content), len(packed), len(content))
    for header, flags_at in ((local, 6), (entry, 8)):
        flags = struct.unpack_from("<H", header, flags_at)[0] & ~_TRAILING_SIZES
        struct.pack_into("<2H", header, flags_at, flags, numbers[0])
        struct.pack_into("<3L", header, flags_at + 8, *numbers[1:])
    return bytes(local) + packed


def _members_of(data: bytes) -> tuple[int, list[Member]]:
    """Where the zip directory stands, and what it lists."""
    at = data.rfind(_END_SIGN, max(0, len(data) - 0xFFFF - _END.size))
    if at < 0 or at + _END.size > len(data):
        raise SourceError("is cut off: the directory at the end of the zip package is missing")
    size, start = _END.unpack_from(data, at)[5:7]
    if size > MAX_MEMBERS * _MAX_ENTRY:
        raise SourceError(f"holds more than {MAX_MEMBERS} parts")
    if start + size > at:
        raise SourceError("is damaged: its zip directory does not stand where it should")
    members = list(_entries(data, start, start + size))
    _demand_apart(members, start)
    return start, members


def _entries(data: bytes, at: int, end: int) -> Iterator[Member]:
    seen: set[str] = set()
    while at < end:
        if end - at < _ENTRY.size or data[at : at + 4] != _ENTRY_SIGN:
            raise SourceError("is damaged: its zip directory cannot be read")
        fields = _ENTRY.unpack_from(data, at)
        flags, method = fields[3], fields[4]
        checksum, packed, size, name_length, extra_length, comment_length = fields[7:13]
        stop = at + _ENTRY.size + name_length + extra_length + comment_length
        if stop > end:
            raise SourceError("is damaged: its zip directory cannot be read")
        raw = data[at + _ENTRY.size : at + _ENTRY.size + name_length]
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        _demand_harmless(name, flags, method, fields[15])
        if name.casefold() in seen:
            raise SourceError(f"holds two parts of the name {name!r}")
        seen.add(name.casefold())
        if len(seen) > MAX_MEMBERS:
            raise SourceError(f"holds more than {MAX_MEMBERS} parts")
        data_start = _data_start(data, fields[16], name)
        yield Member(name, data[at:stop], fields[16], data_start, data_start + packed, method, checksum, size)
        at = stop


def _demand_harmless(name: str, flags: int, method: int, attributes: int) -> None:
    if flags & _ENCRYPTED:
        raise SourceError(f"is protected by a password: {name} is encrypted")
    if method not in (_STORED, _DEFLATED):
        raise SourceError(f"is packed by a method no word processor uses (number {method}, in {name!r})")
    steps = name.split("/")
    if not name or name[0] == "/" or "\\" in name or "\0" in name or ":" in steps[0] or ".." in steps:
        raise SourceError(f"holds a part whose name leads out of the package: {name!r}")
    if (attributes >> 16) & 0o170000 == 0o120000:
        raise SourceError(f"holds a symbolic link: {name!r}")


def _data_start(data: bytes, start: int, name: str) -> int:
    if start + _LOCAL.size > len(data) or data[start : start + 4] != _LOCAL_SIGN:
        raise SourceError(f"is damaged: {name!r} does not stand where the zip directory says")
    name_length, extra_length = _LOCAL.unpack_from(data, start)[9:11]
    return int(start + _LOCAL.size + name_length + extra_length)


def _demand_apart(members: Iterable[Member], directory: int) -> None:
    """Members that share bytes make a bomb that no single ratio shows."""
    end, last = 0, ""
    for member in sorted(members, key=lambda member: member.start):
        if member.start < end:
            raise SourceError(f"is damaged: {last!r} and {member.name!r} overlap")
        end, last = member.data_end, member.name
    if end > directory:
        raise SourceError(f"is damaged: {last!r} reaches into the zip directory")
