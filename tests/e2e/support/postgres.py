"""A private PostgreSQL on loopback for the tests' own Clair; speed before durability."""
import os
import pathlib
import signal
import subprocess

from support.net import free_port, wait_until
from support.process import Process, fresh_folder, run, tool, unprivileged

DATABASES = ("clair_indexer", "clair_matcher", "clair_notifier")


def binaries():
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return pathlib.Path(tool("initdb", *folders)).resolve().parent


class Postgres:
    def __init__(self):
        self.folder = fresh_folder("postgres")
        self.drop, uid, gid = unprivileged()
        os.chown(self.folder, uid, gid)
        self.bin = binaries()
        run(self.bin / "initdb", "-D", self.folder / "data", "-U", "clair", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", cwd="/", **self.drop)
        self.port = free_port()
        self.process = None
        self.start()
        for database in DATABASES:
            run(self.bin / "createdb", *self.client(), database, cwd="/")

    def client(self):
        return ["-h", "127.0.0.1", "-p", self.port, "-U", "clair"]

    def dsn(self, database):
        return f"host=127.0.0.1 port={self.port} user=clair dbname={database} sslmode=disable"

    def sql(self, database, statement):
        return run(self.bin / "psql", *self.client(), "-d", database, "-Atc", statement, cwd="/")

    def start(self):
        fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        self.process = Process([self.bin / "postgres", "-D", self.folder / "data", "-h", "127.0.0.1", "-p",
                                self.port, "-k", self.folder, *fast], self.folder / "log", cwd="/", **self.drop)
        wait_until(self.is_ready, "PostgreSQL is ready")

    def is_ready(self):
        ready = subprocess.run([self.bin / "pg_isready", "-q", *map(str, self.client())], check=False)
        return ready.returncode == 0

    def kill(self):
        """Immediate shutdown: every backend goes, as when the machine loses the database."""
        self.process.stop(signal.SIGQUIT)

    def stop(self):
        self.process.stop(signal.SIGINT)
