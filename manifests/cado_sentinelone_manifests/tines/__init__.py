"""Tines: stories that call the actions over HTTP."""
