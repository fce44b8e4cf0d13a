"""Our images, laid out and started on a machine without Docker.

Files are put where the container file's COPY puts them, packages are the pinned ones of this
environment, and the process gets the image's ENTRYPOINT, ENV, WORKDIR and USER in namespaces of its
own: no network but its loopback, a read-only root, a read-only model.  What is not the image's: the
Python, which is this machine's.
"""

import compileall
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.util import cache_from_source
from pathlib import Path

from deploy.containers import installed
from tests.deploy.containers.containerfile import (
    FOLDER,
    ROOT,
    Stage,
    copied,
    environment,
    last,
    stages,
    wanted,
)

SANDBOX = Path(__file__).parent / "sandbox.sh"


@dataclass(frozen=True, slots=True)
class Container:
    """A running container.

    Attributes:
        process: `unshare`, the parent of the container's first process.
    """

    process: subprocess.Popen[str]

    @property
    def inside(self) -> int:
        """The first process, by its id on this machine."""
        return _children(self.process)[0]

    def told(self, name: str) -> int:
        """A number from the first process's status, as VmHWM in KB or Uid."""
        status = Path(f"/proc/{self.inside}/status").read_text(encoding="ascii")
        [line] = [line for line in status.splitlines() if line.startswith(f"{name}:")]
        return int(line.split()[1])

    def ready(self) -> str:
        """Wait for the line that says where it listens; empty when it ended instead."""
        return self.process.stdout.readline().strip() if self.process.stdout else ""

    def logged(self, sentence: str) -> bool:
        """Wait for a line of the log that holds the sentence; False when it ended instead."""
        return any(sentence in line for line in self.process.stderr or ())

    def start_beside(self, *command: str) -> "subprocess.Popen[str]":
        """Start a command in the container's network; its output can be read."""
        return subprocess.Popen(
            self._beside(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run_beside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the container's network."""
        return subprocess.run(
            self._beside(command), capture_output=True, text=True, check=False, cwd=ROOT
        )

    def _beside(self, command: tuple[str, ...]) -> list[str]:
        return ["/usr/bin/nsenter", f"--net=/proc/{self.process.pid}/ns/net", *command]


def possible() -> bool:
    """Whether this machine lets us make namespaces: that takes root, or a container's rights."""
    try:
        tried = subprocess.run(
            ["/usr/bin/unshare", "--net", "--mount", "--pid", "--fork", "/bin/true"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return os.geteuid() == 0 and tried.returncode == 0


@dataclass(frozen=True, slots=True)
class Image:
    """What a container file makes.

    Attributes:
        word: of the container file, `serving` or `bot`.
        app: folder that is /app inside.
    """

    word: str
    app: Path

    @property
    def runs(self) -> Stage:
        """The stage that runs."""
        return stages(FOLDER / f"{self.word}.Containerfile")[-1]


def laid_out(word: str, folder: Path) -> Image:
    """Put into `folder` what the image has in /app, as its container file puts it there."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # pytest's folders are root's alone; an image's are everybody's
    for sources, target in copied(stages(FOLDER / f"{word}.Containerfile")[0]):
        if target.startswith("/app"):
            for source in sources:
                _copy(ROOT / source, folder / target.removeprefix("/app/"))
    for requirement in wanted(FOLDER / f"{word}.txt"):
        _install(requirement.split("==")[0], folder / "packages")
    if any("/installed.py" in one.text for one in stages(FOLDER / f"{word}.Containerfile")[0]):
        installed.main(ROOT / "pyproject.toml", folder / "packages")
    compileall.compile_dir(folder, quiet=2)
    return Image(word, folder)


@contextmanager
def started(
    image: Image, root: Path, folders: Mapping[str, str], *words: str, **settings: str
) -> Iterator[Container]:
    """Start the image with these words after its name, and end it.

    Args:
        image: what is started.
        root: an empty folder for the container's root; made if it is missing.
        folders: folders of this machine, and where they are inside; `=rw` after the place makes
            one writable.
        words: arguments, as after `docker run IMAGE`.
        settings: environment beside the image's own.
    """
    root.mkdir(exist_ok=True)
    variables = {"PATH": f"{sys.base_prefix}/bin:/usr/bin"} | environment(image.runs) | settings
    first, *arguments = last(image.runs, "ENTRYPOINT").words
    program = f"{sys.base_prefix}/bin/python3" if first == "python" else first
    entry = ["/usr/bin/env", f"--chdir={last(image.runs, 'WORKDIR').text}", program, *arguments]
    told, begun = os.pipe()
    command = [
        *("/usr/bin/unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"),
        *("/bin/bash", str(SANDBOX), str(begun), str(root)),
        *(sys.base_prefix, last(image.runs, "USER").text),
        *(f"{host}={inside}" for host, inside in {str(image.app): "/app", **folders}.items()),
        *("--", *(f"{name}={value}" for name, value in variables.items())),
        *("--", *entry, *words),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=[begun]
    ) as process:
        os.close(begun)
        try:
            os.read(told, 1)  # from here on there are a network and a first process
            yield Container(process)
        finally:
            os.close(told)
            for first_process in _children(process):
                # Its death is the namespace's.  That of `unshare` is not: who becomes another user
                # loses the wish to die with the parent.
                os.kill(first_process, signal.SIGKILL)
            process.kill()


def _children(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that this one has started and that have not been waited for."""
    if process.poll() is not None:
        return []
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(word) for word in children.read_text(encoding="ascii").split()]


def _copy(source: Path, target: Path) -> None:
    """As COPY does: the content of a folder, or a file into a folder."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _install(name: str, packages: Path) -> None:
    """Link what pip has put into this environment for the distribution; its bytecode, too.

    Copying the files takes five seconds and compiling them ten.  Nothing writes into them later.
    """
    found = distribution(name)
    here = Path(str(found.locate_file("")))
    files = [file for file in map(Path, found.files or ()) if ".." not in file.parts]
    sources = {file for file in files if "__pycache__" not in file.parts}
    compiled = {Path(cache_from_source(file)) for file in sources if file.suffix == ".py"}
    wanted_files = sources | {file for file in compiled if (here / file).exists()}
    for parent in {file.parent for file in wanted_files}:
        (packages / parent).mkdir(parents=True, exist_ok=True)
    for file in wanted_files:
        _link(here / file, packages / file)


def _link(source: Path, target: Path) -> None:
    """The same file under another name; on another disk a copy of the same age."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)
