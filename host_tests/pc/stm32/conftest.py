"""The model of the chip is found by its modules' names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
