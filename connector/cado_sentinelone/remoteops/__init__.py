"""The script that RemoteOps runs on an endpoint: rendered here, without any call."""
