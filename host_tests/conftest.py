"""Paths for all tests: a test may import what lies in its own folder, whatever other folders hold."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

for folder in [ROOT / "lib", ROOT / "tools", *(path for path in HERE.rglob("*") if path.is_dir())]:
    if folder.name != "__pycache__" and str(folder) not in sys.path:
        sys.path.append(str(folder))
