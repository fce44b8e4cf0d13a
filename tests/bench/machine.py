"""Where and with what a run was measured."""

import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES: Sequence[str] = (
    "python-telegram-bot",
    "httpx",
    "sniffio",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "yfinance",
    "boto3",
    "onnxruntime",
    "numpy",
    "matplotlib",
    "keras",
    "tensorflow",
)
ROOT = Path(__file__).parents[2]


def machine() -> dict[str, str]:
    """What is worth knowing of this machine and its load, as words."""
    load = os.getloadavg()
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or "unknown",
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0] or 0) / 2**20:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{load[0]:.1f} (a minute), {load[1]:.1f} (five)",
        "commit": _commit(),
    }


def versions() -> dict[str, str]:
    """Python and the libraries that figures depend on."""
    found = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _field(path: str, name: str) -> str:
    """The first value of a field in one of /proc's tables; "0" where there is none."""
    file = Path(path)
    lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0")


def _commit() -> str:
    """The commit that is checked out, with a plus when files differ from it."""
    found = git("rev-parse", "--short", "HEAD").strip() or "none"
    return found + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def git(*arguments: str) -> str:
    """What git says; empty when there is no git, or nothing to say."""
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607, wherever it is installed
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""
