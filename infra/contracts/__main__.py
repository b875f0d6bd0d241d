"""`python -m infra.contracts [--check]`."""

import sys

from infra.contracts import main

if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
