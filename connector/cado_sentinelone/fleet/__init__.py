"""Collections over a selection of endpoints: planned, started carefully, followed to their ends."""
