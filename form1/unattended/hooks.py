"""Commands of the office that are told how a run ended: for mail, tickets, a heartbeat. They cannot harm an edition."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence


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
