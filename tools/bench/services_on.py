"""Switches on the services of the network that NET names, with commas between them, or all. A piece of what
runs on the board (load.mjs).
"""

# ruff: noqa: F821  the bench puts NET before the text, of which this is a piece that comes after `app`

if NET:
    from fourquad import points as p
    from fourquad.points import columns as c

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
