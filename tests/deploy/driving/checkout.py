"""A checkout of this repository as small as the source archive allows."""

from pathlib import Path

from deploy.artifacts import SOURCE_FILES, SOURCE_FOLDERS


def small_checkout(root: Path) -> Path:
    """Write it and give its root back."""
    for folder in SOURCE_FOLDERS:
        (root / folder).mkdir(parents=True)
        (root / folder / "__init__.py").write_text(f'"""{folder}."""\n', encoding="utf-8")
    for name in SOURCE_FILES:
        (root / name).write_text(f"{name}\n", encoding="utf-8")
    return root
