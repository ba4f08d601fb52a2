"""`python -m simulator` is `caseload`."""

from simulator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
