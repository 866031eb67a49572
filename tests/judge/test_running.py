"""One scan of a database at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.errors import LockedError, StoreError
from scanner.running import only_one

HOLD = """
import sys, time, pathlib
from scanner.running import only_one
with only_one(pathlib.Path(sys.argv[1])):
    print('held', flush=True)
    time.sleep(600)
"""


def test_second_scan_is_refused_and_names_the_first_until_that_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockedError, match=f"process {holder.pid}"), only_one(folder):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with only_one(folder):
        pass


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    for _ in range(2):
        with only_one(tmp_path / "work"):
            assert (tmp_path / "work" / "running").read_text("ascii") == str(os.getpid())
    assert list((tmp_path / "work").iterdir()) == []


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="no work folder"), only_one(tmp_path / "file" / "work"):
        pass
