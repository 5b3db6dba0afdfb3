"""Cortex XSOAR and XSIAM: a pack of one integration and one playbook."""
