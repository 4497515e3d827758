"""Runs the meter `app` for SECONDS. A piece of what runs on the board (load.mjs)."""

# ruff: noqa: F821  the bench puts SECONDS before the text, of which this is a piece that comes after `app`

import time

end = time.ticks_add(time.ticks_ms(), SECONDS * 1000)


class Stop:
    """Ends the run. It stands before the watchdog."""

    def feed(self):
        app.watchdog.feed()
        app.loop.running = time.ticks_diff(end, time.ticks_ms()) > 0


app.loop.watchdog = Stop()
print("GO")
app.run()
