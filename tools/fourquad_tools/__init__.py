"""What runs on a PC: the simulator, the emulator's front, deployment, the pages that tables make."""

import os

# The matrices here are small: threads would only wait for each other, and take the other cores' time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
