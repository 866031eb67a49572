"""Strays: finds every AWS resource that no infrastructure as code owns.

The whole tool on one page is `scanner/pipeline.py`.
"""

__version__ = "0.1.0"
