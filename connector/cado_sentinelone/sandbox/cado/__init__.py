"""The Cado platform's API v3 as its contract describes it, over the sandbox's world."""
