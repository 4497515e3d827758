"""Start of the meter on a board.

Ctrl-C on the console ends it and leaves the prompt, with sampling, ports and watchdog at rest. A board whose
first key is held down while it starts does not start the meter at all.
"""

import gc
import sys

import board

from hal.keys import Contacts

# Bytes at the lower end of the heap that nothing long-lived may take. The allocator searches from there, also
# for the frame of every larger function called: among holes between old objects that search takes longer
# than the function itself, in one large hole before them it ends at once.
_NURSERY = 32 * 1024


def build():
    """The meter, ready to run."""
    gc.collect()
    nursery = bytearray(_NURSERY)
    from app import App  # here, behind the nursery

    app = App()
    del nursery
    gc.collect()
    return app


def start():
    """Start the meter, unless the first key is held down."""
    if Contacts(board.KEYS[:1]).read():
        print("fourquad: key held down, not started")
        return
    print("fourquad:", board.MODEL, "on", board.NAME, "- Ctrl-C ends it")
    try:
        build().run()
    except KeyboardInterrupt:
        print("fourquad: stopped")
    except Exception as error:
        # Told here, for the prompt that follows belongs to whoever repairs it.
        sys.print_exception(error)
        raise


if __name__ == "__main__":
    start()
