"""Commands of the office that are told how a run ended: for mail, tickets, a heartbeat. They cannot harm an edition."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from form1.unattended.events import Log

_HOOKS: Final = {0: "success", 3: "rejection"}
_TIME_LIMIT: Final = 30
_LONGEST: Final = 600
"""Seconds for a hook: when the configuration does not say, and at most (`Hooks` of configuration.py)."""


def hook_for(exit_code: int) -> str:
    """Return the name of the hook for a run that ended so; what is neither done nor rejected is a failure."""
    return _HOOKS.get(exit_code, "failure")


def tell(configured: Mapping[str, object], output: Path, exit_code: int, result: Mapping[str, Any], log: Log) -> str:
    """Call the hook for how a run ended; return what went wrong with it, which harms nothing.

    `configured` is the section [hooks] as it is written, `result` what the hook is told of the run.
    """
    name = hook_for(exit_code)
    if name == "success" and any(_is_warning(period) for period in result.get("periods", ())):
        name = "warning" if configured.get("warning") else name
    hook, limit = configured.get(name), configured.get("time_limit", _TIME_LIMIT)
    if not isinstance(hook, list) or not hook or not all(isinstance(part, str) for part in hook):
        return ""  # none, or none that can be called: the run has said what is wrong with its configuration
    if not isinstance(limit, int | float) or not 0 < limit <= _LONGEST:
        limit = _TIME_LIMIT
    fault = call(hook, {"run": log.run, "hook": name, "output": str(output), **result}, limit)
    log.write("hook", "failed" if fault else "done", hook=name, why=fault)
    return f"hook {name} {fault}" if fault else ""


def _is_warning(period: Mapping[str, str]) -> bool:
    """New editions with warnings, drafts to be signed off, and forms whose deadline draws near."""
    new = period["state"] in {"built", "revised"} and period["verdict"] == "accepted_with_warnings"
    return new or period["state"] == "drafted" or (period["state"] == "awaited" and period["stage"] == "notice")


def call(command: Sequence[str], result: Mapping[str, object], time_limit: float) -> str:
    """Run a command with `result` as JSON on its standard input; return why it failed, or an empty string.

    What it prints is thrown away. After `time_limit` seconds it is killed with all that it started.
    """
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except (OSError, ValueError) as error:
        return f"cannot be started: {getattr(error, 'strerror', None) or error}"
    try:
        process.communicate(json.dumps(result, ensure_ascii=False).encode() + b"\n", timeout=time_limit)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()  # what the command did not read goes nowhere
        process.wait()
        return f"was ended after {time_limit:g} seconds"
    return f"ended with exit code {process.returncode}" if process.returncode else ""
