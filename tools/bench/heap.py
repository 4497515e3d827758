"""Runs on the board: the meter as main.py composes it, for SECONDS; then what is free of the heap. As little
else as can be is in memory beside it. CORE 1: without logs, alarms, quality and months. NET: names of
services of the network that are switched on, with commas between them, or all. MQTT: seconds from one message
to the next, to a broker at 10.0.2.2, with QoS 1; 0 leaves the settings as they are.
"""

# ruff: noqa: F821  the bench puts SECONDS and CORE before this text

import gc

import __main__ as main
from fourquad import points as p

if CORE:
    import model

    tables = model.tables()
    more = ("billing.months", "billing.schedule")
    tables.PARTS = tuple([name for name in tables.PARTS if name[:7] != "events." and name not in more])
    del model, tables
app = main.build()
# put services_on here
if MQTT:
    from fourquad.points import network as n

    place = p.SETTING + n.MQTT_BROKER
    settings = app.meter.points.provider(place)
    settings.texts.write(place - app.meter.points.base(place), b"10.0.2.2")
    app.meter.points.write(p.SETTING + n.MQTT_INTERVAL, MQTT)
    app.meter.points.write(p.SETTING + n.MQTT_QOS, 1)
    app.meter.outbox.configure()
    del n, place, settings
# put run_for_seconds here
gc.collect()
lost = f'"gaps": {app.meter.state.gaps}, "overruns": {app.sampler.overruns}'
print(f'RESULT {{"heap_free": {gc.mem_free()}, {lost}}}')
