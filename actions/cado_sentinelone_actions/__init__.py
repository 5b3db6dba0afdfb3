"""The built-in actions: one file a subject, one entry point an action."""
