"""Loaded by the workers of `--cluster local:N`: they end at once, as our own processes do.

What an interpreter does at its end would make DuckDB's bindings write a hundred lines of what they
call leaks onto the terminal; a worker holds nothing that is not in its shards.
"""

import atexit
import os

atexit.register(os._exit, 0)
