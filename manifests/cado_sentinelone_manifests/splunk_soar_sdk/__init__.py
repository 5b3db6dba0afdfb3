"""Splunk SOAR: an app of the SDK, whose manifest the SDK derives from its code."""
