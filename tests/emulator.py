"""The emulator as tests start it: moto with all that it has, quick at a scan's first calls."""

import sys

from scanner.demo.moto_server import serve

if __name__ == "__main__":
    serve(sys.argv[1:])
