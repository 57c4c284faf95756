"""Calls of the system that fail: the Nth write, fsync, rename, mkdir or other change to the disk, in this process.

Every way in which the program changes a disk goes through `os` or through a file opened for writing; each such call
below a folder is counted, in the order in which it is made, and the Nth fails: once, from then on (a disk that is full
and stays so), or by a kill -9 in its midst. A write that fails has written half of its bytes.
"""

import contextlib
import errno
import io
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from unittest import mock

NAMES = (
    "fsync", "rename", "replace", "symlink", "mkdir", "rmdir", "unlink", "ftruncate", "truncate", "chmod", "fchmod",
    "write", "pwrite",
)  # fmt: skip
MODES = ("once", "lasting", "kill")


@dataclass
class Fault:
    """The call that fails, and all calls that were made."""

    mode: str
    number: int
    made: list[str] = field(default_factory=list)

    def strikes(self, name: str) -> bool:
        """Count a call; True when it must fail."""
        self.made.append(name)
        count = len(self.made)
        return count == self.number or (self.mode == "lasting" and count > self.number)

    def fail(self) -> None:
        if self.mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def parse(told: str) -> tuple[str, int]:
    """Return mode and number of `once:12`."""
    mode, _, number = told.partition(":")
    assert mode in MODES
    return mode, int(number)


@contextlib.contextmanager
def calls(mode: str, number: int) -> Iterator[Fault]:
    """Let the Nth call fail as long as this lasts; 0 counts and lets all succeed."""
    fault = Fault(mode, number)
    with contextlib.ExitStack() as patches:
        for name in NAMES:
            patches.enter_context(mock.patch.object(os, name, _counted(fault, name, getattr(os, name))))
        patches.enter_context(mock.patch.object(io, "open", _opened(fault, io.open)))
        yield fault


def _counted(fault, name, real):
    def call(*arguments, **options):
        if fault.strikes(name):
            if name in {"write", "pwrite"}:  # half of it has reached the disk
                handle, content, *rest = arguments
                real(handle, content[: len(content) // 2], *rest)
            fault.fail()
        return real(*arguments, **options)

    return call


def _opened(fault, real):
    class Raw(io.FileIO):
        def write(self, content):
            if fault.strikes("write"):
                super().write(memoryview(content)[: len(content) // 2])
                fault.fail()
            return super().write(content)

    def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, *rest, **other):
        # A file without a name (an opener makes it) is nothing that is published.
        if not set(mode) & set("wxa+") or isinstance(file, int) or other:
            return real(file, mode, buffering, encoding, errors, newline, *rest, **other)
        if fault.strikes("open"):
            fault.fail()
        raw = io.BufferedWriter(Raw(file, mode.replace("b", "").replace("t", "")))
        return raw if "b" in mode else io.TextIOWrapper(raw, encoding, errors, newline)

    return opened
