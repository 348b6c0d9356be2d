"""What the build of `source/` left in `built/`; its manifest names every file."""

import json
from collections.abc import Mapping
from pathlib import Path

BUILT = Path(__file__).parent / "built"


def manifest() -> dict[str, str]:
    """The SHA-256 of each file by its name."""
    found: Mapping[str, dict[str, str]] = json.loads((BUILT / "manifest.json").read_bytes())
    return found["files"]
