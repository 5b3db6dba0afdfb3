"""Shuffle: an app of one api.yaml and one app.py."""
