"""What program runs: GET /api/firmware. Nothing here can change it."""

import json
import sys

from fourquad.protocols.http.reply import Reply


def firmware(api, connection, rest):
    """`model`; `machine` and `build`, as an image calls its board and itself, None where there is none;
    `version` of the interpreter.
    """
    of = sys.implementation
    told = {
        "model": api.version,
        "machine": getattr(of, "_machine", None),
        "build": getattr(of, "_build", None),
        "version": sys.version,
    }
    return Reply(200, json.dumps(told).encode())
