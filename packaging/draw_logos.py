"""Draws the logo in each size that a runner asks for; needs rsvg-convert (Debian: librsvg2-bin).

The pictures are committed, so that rendering a bundle needs no program for it. A size is the whole
picture; the logo is a square in its middle.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ART = Path(__file__).resolve().parent.parent / "manifests/cado_sentinelone_manifests/art"
SIZES = [(200, 200), (120, 50), (128, 128), (174, 174), (200, 72), (100, 100), (512, 512)]


def main() -> None:
    for width, height in SIZES:
        side = min(width, height)
        target = ART / f"logo-{width}x{height}.png"
        command = [
            *("rsvg-convert", f"--width={side}", f"--height={side}"),
            *(f"--page-width={width}", f"--page-height={height}"),
            *(f"--left={(width - side) // 2}", f"--top={(height - side) // 2}"),
            *(f"--output={target}", str(ART / "logo.svg")),
        ]
        subprocess.run(command, check=True)  # noqa: S603 - our own arguments
        print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
