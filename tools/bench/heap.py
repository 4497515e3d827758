"""Runs on the board: the meter as main.py composes it, for SECONDS; then what is free of the heap. As little
else as can be is in memory beside it.
"""

# ruff: noqa: F821  the bench puts SECONDS before this text

import gc
import time

import __main__ as main

app = main.build()
end = time.ticks_add(time.ticks_ms(), SECONDS * 1000)


class Stop:
    """Ends the run. It stands before the watchdog."""

    def feed(self):
        app.watchdog.feed()
        app.loop.running = time.ticks_diff(end, time.ticks_ms()) > 0


app.loop.watchdog = Stop()
print("GO")
app.run()
gc.collect()
print(f'RESULT {{"heap_free": {gc.mem_free()}}}')
