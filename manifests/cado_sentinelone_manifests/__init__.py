"""Renders the catalogue of actions into the manifests of SOAR runners."""
