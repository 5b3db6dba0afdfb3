"""SEKOIA.io: a module of the automation library."""
