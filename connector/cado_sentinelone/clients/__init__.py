"""The two vendors' APIs: one transport, one typed client each."""
