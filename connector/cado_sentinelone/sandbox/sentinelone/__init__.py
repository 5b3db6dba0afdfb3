"""SentinelOne's management API v2.1, as its contract says it behaves."""
