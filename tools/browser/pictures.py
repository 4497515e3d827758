"""Pictures of the web pages for the documents: `make web-pictures`. python -m browser.pictures FOLDER"""

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
# (name, route, window, whether it is dark)
PICTURES = (
    ("dashboard", "dashboard", WIDE, False),
    ("angles", "metering/angles", WIDE, True),
    ("harmonics", "metering/harmonics", NARROW, False),
    ("network", "settings/network", NARROW, False),
)
COLOURS = 64
WAIT_S = 12.0  # so that there is something to see


def take(browser: Browser, route: str, size: tuple[int, int], dark: bool) -> Image.Image:
    """A page as it is seen."""
    browser.resize(size, dark)
    browser.go(route)
    time.sleep(0.5)
    return Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())).convert("RGB")


def main(folder: Path) -> None:
    """Take all."""
    with tempfile.TemporaryDirectory() as place:
        load = Path(place) / "load.json"
        load.write_text(json.dumps(LOAD))
        command = [sys.executable, "-m", "fourquad_tools", "sim", "--model", "kw320", "--headless"]
        command += ["--load", str(load), "--net", "http=0", "--start", "2026-06-01T10:00:00"]
        meter = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            assert meter.stderr is not None
            found = next(filter(None, (re.match(r"http on (\S+)", line) for line in meter.stderr)))
            with opened(Path(place) / "chromium", f"http://{found[1]}") as browser:
                browser.login("admin", "admin")
                time.sleep(WAIT_S)
                for name, route, size, dark in PICTURES:
                    target = folder / f"web-{name}.png"
                    picture = take(browser, route, size, dark)
                    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
                    print(f"{target}: {target.stat().st_size} bytes")
        finally:
            meter.terminate()
            meter.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
