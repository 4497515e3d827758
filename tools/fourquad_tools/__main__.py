"""`python -m fourquad_tools` is the `fourquad` command."""

import sys

from fourquad_tools.cli import main

sys.exit(main())
