"""Google SecOps SOAR: an integration of the content hub."""
