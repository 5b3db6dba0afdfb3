"""Goldens are read, not run."""

collect_ignore_glob = ["*/*"]  # rendered files; some of them are tests of their own bundle
