"""`python -m cado_sentinelone` is the command line."""

from cado_sentinelone.cli import main

raise SystemExit(main())
