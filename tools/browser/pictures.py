"""Pictures of the web pages for the documents: `make web-pictures`. python -m browser.pictures FOLDER [MODEL]
takes them, of one model or of all, into the folder of each below FOLDER.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from browser.chromium import NARROW, WIDE, Browser, opened

LOAD = {
    "frequency": 50.0,
    "phases": [
        {"volts": 230.0, "amps": 4.1, "lag": 18.0, "volt_harmonics": {"5": [0.018, 10.0], "7": [0.009, 0.0]}},
        {"volts": 231.2, "amps": 3.6, "lag": 26.0, "volt_harmonics": {"5": [0.016, 0.0], "7": [0.011, 0.0]}},
        {"volts": 228.7, "amps": 4.6, "lag": 12.0, "volt_harmonics": {"5": [0.021, 0.0], "3": [0.007, 0.0]}},
    ],
}
OF_CIRCUITS = {
    "frequency": 50.0,
    "phases": [{"volts": volts, "amps": 0.0} for volts in (230.0, 231.2, 228.7)],
    "circuits": [{"amps": 2.5 + 1.3 * (7 * n % 18), "lag": 5.0 * (n % 7)} for n in range(18)],
}
# Of a model the load, and (name, route, window, whether it is dark).
PICTURES = {
    "kw320": (
        LOAD,
        (
            ("dashboard", "dashboard", WIDE, False),
            ("angles", "metering/angles", WIDE, True),
            ("harmonics", "metering/harmonics", NARROW, False),
            ("network", "settings/network", NARROW, False),
        ),
    ),
    "acurev2020": (
        OF_CIRCUITS,
        (
            ("realtime", "metering/realtime", WIDE, False),
            ("demand", "metering/demand", WIDE, True),
            ("circuits", "metering/circuits", NARROW, False),
            ("loggers", "settings/loggers", NARROW, False),
        ),
    ),
}
COLOURS = 64
WAIT_S = 12.0  # so that there is something to see


def take(browser: Browser, route: str, size: tuple[int, int], dark: bool) -> Image.Image:
    """A page as it is seen."""
    browser.resize(size, dark)
    browser.go(route)
    time.sleep(0.5)
    return Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())).convert("RGB")


def pictures(folder: Path, model: str) -> None:
    """Take those of a model."""
    connected, wanted = PICTURES[model]
    with tempfile.TemporaryDirectory() as place:
        load = Path(place) / "load.json"
        load.write_text(json.dumps(connected))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", model, "--headless"]
        command += ["--load", str(load), "--net", "http=0", "--start", "2026-06-01T10:00:00"]
        meter = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            assert meter.stderr is not None
            found = next(filter(None, (re.match(r"http on (\S+)", line) for line in meter.stderr)))
            with opened(Path(place) / "chromium", f"http://{found[1]}") as browser:
                browser.login("admin", "admin")
                time.sleep(WAIT_S)
                for name, route, size, dark in wanted:
                    target = folder / model / f"web-{name}.png"
                    picture = take(browser, route, size, dark)
                    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
                    print(f"{target}: {target.stat().st_size} bytes")
        finally:
            meter.terminate()
            meter.wait()


if __name__ == "__main__":
    for each in sys.argv[2:] or PICTURES:
        pictures(Path(sys.argv[1]), each)
