"""Start of the meter on a board.

Ctrl-C on the console ends it and leaves the prompt, with sampling, ports and watchdog at rest. A board whose
first key is held down while it starts does not start the meter at all. An error that nothing catches is
told on the console, and the board starts anew.
"""

import gc
import sys
import time

from micropython import const

# Looked for among the files otherwise, at each import anew, which takes 5 ms and 1 KB of the C stack.
_BUILT_IN = ("array", "binascii", "hashlib", "json", "machine", "struct", "time")
sys.modules.update({name: __import__(name) for name in _BUILT_IN})

# Bytes at the lower end of the heap that nothing long-lived may take: what lives shortly has its place there.
# The allocator searches from there: among holes between old objects that takes long, in one large hole before
# them it ends at once. On an STM32 the frames of larger functions are among it; on RP2 boards these have a
# stack of their own (boards/common/rp2.h), and floats, long integers and slices remain.
_NURSERY = const(32 * 1024)
_ROOMY = const(160 * 1024)  # bytes free after the imports that leave room for it; frozen there are 166 KB

# Bytes after which garbage is collected while the meter is built: else it spreads over the whole heap first,
# and what lives between it leaves no room for the large buffers.
_TIDY = const(32 * 1024)

_front = None  # the front end, whose ring has its place before modules are imported

_RESTART_S = const(5)


def load():
    """The modules of the meter: app, board, and the driver of the keys."""
    global _front
    gc.collect()
    import board

    if _front is None:
        from chip import dma

        # of a program before this one, which could still write into what is our heap now
        dma.all_quiet()
        place = bytearray(_NURSERY)
        _front = board.sampler()
    else:
        place = None
    import app
    from drivers import keys

    del place
    gc.collect()
    return app, board, keys


def build():
    """The meter, ready to run."""
    global _front
    app, _, _ = load()
    gc.collect()
    # where modules were copied and fill the heap, a slower meter is better than none
    nursery = bytearray(_NURSERY) if gc.mem_free() > _ROOMY else None
    # handed over: what a stopped meter leaves must be garbage, or the next one finds no room
    front, _front = _front, None
    gc.threshold(_TIDY)
    try:
        meter = app.App(front)
    finally:
        gc.threshold(-1)
    del nursery
    gc.collect()
    return meter


def _chosen():
    import model

    return model.chosen()


def start():
    """Start the meter, unless the first key is held down."""
    app, board, keys = load()
    if keys.Contacts(board.KEYS[:1]).read():
        print("fourquad: key held down, not started")
        return
    print("fourquad:", _chosen(), "on", board.NAME, "- Ctrl-C ends it")
    del board, keys  # the meter forgets what it does not need
    try:
        build().run()
    except KeyboardInterrupt:
        app.quiet()
        print("fourquad: stopped")
    except Exception as error:
        app.quiet()
        sys.print_exception(error)
        print("fourquad: starts anew in", _RESTART_S, "s, unless Ctrl-C comes")
        time.sleep(_RESTART_S)
        app.Watchdog().bite()


if __name__ == "__main__":
    start()
