"""Runs on the board: the meter as main.py composes it, until power-off. Whenever GP24 falls it says, between
FREE and END, what is free of the heap after a collection, and what was lost of the samples.
"""

import gc
import json

from machine import Pin

import __main__ as main

app = main.build()
pin = Pin(24, Pin.IN, Pin.PULL_UP)


class Asked:
    """It stands before the watchdog."""

    asked = False

    def feed(self):
        app.watchdog.feed()
        asked = not pin.value()
        if asked and not self.asked:
            gc.collect()
            told = {"free": gc.mem_free(), "gaps": app.meter.state.gaps, "overruns": app.sampler.overruns}
            print("FREE", json.dumps(told), "END")
        self.asked = asked


app.loop.watchdog = Asked()
gc.collect()
print("GO")
app.run()
