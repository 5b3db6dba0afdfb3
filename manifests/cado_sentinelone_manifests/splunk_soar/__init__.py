"""Splunk SOAR: a classic app, its wheels inside."""
