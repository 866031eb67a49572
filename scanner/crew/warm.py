"""Imported once by the process that workers are forked from: they share what it has loaded."""

import pyarrow.parquet  # noqa: F401 (loaded, for those who are forked)

import scanner.crew.processes  # noqa: F401 (likewise)
from scanner import catalog

catalog.load()
