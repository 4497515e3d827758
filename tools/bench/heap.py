"""Runs on the board: the meter as main.py composes it, for SECONDS; then what is free of the heap. As little
else as can be is in memory beside it. CORE 1: without logs, alarms, quality and months. NET: names of
services of the network that are switched on, with commas between them, or all. MQTT: seconds from one message
to the next, to a broker at 10.0.2.2, with QoS 1; 0 leaves the settings as they are.
"""

# ruff: noqa: F821  the bench puts SECONDS and CORE before this text

import gc
import time

import __main__ as main
from fourquad import points as p
from fourquad.points import columns as c

if CORE:
    import model

    tables = model.tables()
    more = ("billing.months", "billing.schedule")
    tables.PARTS = tuple([name for name in tables.PARTS if name[:7] != "events." and name not in more])
    del model, tables
app = main.build()
if NET:
    done = []
    for row in app.meter.model.SERVICES:
        if NET != "all" and row[c.NAME] not in NET.split(","):
            continue
        for switch, values in row[c.SWITCH]:
            # of several settings one is enough
            switch = switch[0] if isinstance(switch, tuple) else switch
            if switch not in done and app.meter.points.read(p.SETTING + switch) not in values:
                app.meter.points.write(p.SETTING + switch, values[0])
            done.append(switch)
    del done, row, switch, values
if MQTT:
    from fourquad.points import network as n

    place = p.SETTING + n.MQTT_BROKER
    settings = app.meter.points.provider(place)
    settings.texts.write(place - app.meter.points.base(place), b"10.0.2.2")
    app.meter.points.write(p.SETTING + n.MQTT_INTERVAL, MQTT)
    app.meter.points.write(p.SETTING + n.MQTT_QOS, 1)
    app.meter.outbox.configure()
    del n, place, settings
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
lost = f'"gaps": {app.meter.state.gaps}, "overruns": {app.sampler.overruns}'
print(f'RESULT {{"heap_free": {gc.mem_free()}, {lost}}}')
