"""Cado SentinelOne for SEKOIA.io; rendered, not written: change the actions instead."""
