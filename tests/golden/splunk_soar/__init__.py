"""Cado SentinelOne for Splunk SOAR."""
