"""Rapid7 InsightConnect: a plugin made by insight-plugin from our specification."""
