"""The door to pyHanko: a clear word where it is not installed, and no word of its own on the console."""

from __future__ import annotations

import logging
from importlib import import_module

from form1.core.errors import MachineError

_LOGGERS = ("pyhanko", "pyhanko_certvalidator")


def require_library() -> None:
    """Make pyHanko ready for use; MachineError where it is not installed (the extra `sign`)."""
    try:
        for name in ("cryptography", "pyhanko.sign", "pyhanko_certvalidator"):
            import_module(name)
    except ImportError as error:
        raise MachineError(
            f"signatures need pyHanko, which cannot be used here ({error.name or 'it'} is missing). Install it: "
            "pip install 'form1[sign]'; or take [signing] out of the configuration."
        ) from None
    for name in _LOGGERS:
        # It tells its troubles with tracebacks; ours is one line, and the certificates of others are nobody's log.
        logging.getLogger(name).propagate = False
        logging.getLogger(name).addHandler(_SILENCE)


_SILENCE = logging.NullHandler()


def is_installed() -> bool:
    """Return whether signatures can be made and checked on this machine."""
    try:
        require_library()
    except MachineError:
        return False
    return True
