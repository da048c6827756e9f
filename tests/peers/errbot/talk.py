"""errbot with our plug-in: a line of JSON in is a message, a line out is a reply.

It runs in an environment of its own, where nothing of the product is: `talk.py PLUGINS`.
"""

import json
import logging
import sys

from errbot.backends.test import TestBot


def main() -> None:
    """Bring each message to the bot, and print as many replies as it says it awaits."""
    bot = TestBot(extra_plugin_dir=sys.argv[1], loglevel=logging.ERROR)
    bot.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        said = json.loads(line)
        bot.push_message(said["text"], extras=said["extras"])
        replies = [bot.pop_message(timeout=30) for _ in range(said["awaits"])]
        sys.stdout.write(json.dumps(replies) + "\n")
        sys.stdout.flush()
    bot.stop()


if __name__ == "__main__":
    main()
