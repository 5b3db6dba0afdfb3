"""Both vendors' HTTP APIs over one seeded world, for tests, the demo and a first hour without vendors.

Written from the vendors' contracts, never from this project's clients: were the two to share a
model, one misreading of an API would be in both and no test could see it.
"""
