"""A real git clone with a policy folder, as a CI job finds it."""
import os
import pathlib

from support import policy
from support.process import run

IDENTITY = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.test",
            "GIT_COMMITTER_NAME": "C O Mitter", "GIT_COMMITTER_EMAIL": "committer@example.test"}


class Clone:
    def __init__(self, folder, source=()):
        """source: arguments of `git clone`; without them an empty repository with the branch main."""
        self.folder = pathlib.Path(folder)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), **IDENTITY}
        self.folder.mkdir()
        self.git(*(["clone", "-q", *source, "."] if source else ["init", "-q", "-b", "main"]))

    def git(self, *arguments):
        return run("git", *arguments, cwd=self.folder, env=self.environment).strip()

    def commit(self, files=None):
        """Commits the tree with these policy files; the commit's id."""
        policy.tree(self.folder / policy.FOLDER, files or {})
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "a commit")
        return self.git("rev-parse", "HEAD")

    def merge(self, branch, into="main"):
        """Checks out what GitHub builds: the test merge of a branch. Its id."""
        self.git("checkout", "-q", "--detach", into)
        self.git("merge", "-q", "--no-ff", "-m", "a test merge", branch)
        return self.git("rev-parse", "HEAD")

    def shallow(self, name, branch):
        """A clone of one commit, as many CI systems make it."""
        source = ["--depth", "1", "--branch", branch, self.folder.as_uri()]
        return Clone(self.folder.parent / name, source)
