"""`python -m helpers.doctor`: what to run first when something fails; works even where packages are missing."""

import sys
from pathlib import Path

from helpers.doctor.examine import examine


def main() -> int:
    """Print what was found; return how many things are bad."""
    bad = 0
    for finding in examine(Path.cwd()):
        print(finding, flush=True)
        bad += not finding.healthy
    print(f"{bad} to mend." if bad else "All is well.")
    return bad


if __name__ == "__main__":
    sys.exit(min(main(), 1))
