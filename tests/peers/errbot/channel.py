"""Our plug-in without a bot: what it says of each channel it is given, a line each.

It runs in an environment of its own, where nothing of the product is: `channel.py CHANNEL …`.
"""

import os
import sys
from importlib import import_module


def main() -> None:
    """Print `taken`, or why a channel is refused."""
    plug_in = object.__new__(import_module("parcours_turns").Parcours)
    plug_in.url, plug_in.key = os.environ["URL"], os.environ["KEY"]
    for plug_in.channel in sys.argv[1:]:
        try:
            plug_in.check_channel()
        except ValueError as refused:
            sys.stdout.write(f"{refused}\n")
        else:
            sys.stdout.write("taken\n")


if __name__ == "__main__":
    main()
