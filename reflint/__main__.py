"""`python -m reflint`."""

import sys

from reflint.cli.main import main

sys.exit(main())
