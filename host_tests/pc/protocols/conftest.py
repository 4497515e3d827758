"""The oracle next to these tests is found by them; the fake meter is in host_tests/pure."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
