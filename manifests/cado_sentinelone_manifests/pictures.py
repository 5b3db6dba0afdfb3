"""Our logo, in the forms and sizes that runners ask for (packaging/draw_logos.py draws them)."""

from __future__ import annotations

from importlib.resources import files


def picture(name: str) -> bytes:
    """The picture in art/ that is called `name`, like "logo.svg" or "logo-120x50.png"."""
    return (files("cado_sentinelone_manifests") / "art" / name).read_bytes()
