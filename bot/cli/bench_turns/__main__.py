"""`python -m bot.cli.bench_turns [--vs-stock] [--seconds N] [--json]`."""

import argparse
import sys

from bot.cli.bench_turns import run
from bot.cli.output import Failure, tell


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="python -m bot.cli.bench_turns", description="Sustained turns and latency.")
    parser.add_argument("--vs-stock", action="store_true", help="measure stock rasa in the same run")
    parser.add_argument("--seconds", type=int, default=10, help="length of one round")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    try:
        return run(vs_stock=options.vs_stock, seconds=options.seconds, json=options.json)
    except Failure as failure:
        tell(str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main())
