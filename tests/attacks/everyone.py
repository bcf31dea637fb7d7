"""Every attack: whatever a module on_*.py here registers."""

from importlib import import_module
from pathlib import Path

from tests.attacks.attack import ATTACKS

for _path in sorted(Path(__file__).parent.glob("on_*.py")):
    import_module(f"tests.attacks.{_path.stem}")

__all__ = ["ATTACKS"]
