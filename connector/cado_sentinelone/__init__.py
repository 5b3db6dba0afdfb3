"""Collect forensic evidence from SentinelOne endpoints into Cado, from any SOAR runner."""

__version__ = "0.1.0"
