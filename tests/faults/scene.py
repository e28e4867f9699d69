"""A small federation in a Git repository, what stands in its output besides, and how to look at trees."""
import hashlib
import os
import pathlib
import shutil
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2] / 'examples' / 'seed' / 'federation.toml'
FOREIGN = {'README.md': b'ours\n', 'east-cluster/httpbin/notes.txt': b'ours, too\n', 'other/x.yaml': b'a: 1\n'}


class Scene:
    """Works in a directory of its own; the memo is in there as well."""

    def __init__(self, root, meshfedc):
        self.root = pathlib.Path(root)
        self.meshfedc = os.path.abspath(meshfedc)
        self.environment = {'PATH': os.environ['PATH'], 'HOME': str(self.root / 'home'), 'LC_ALL': 'C',
                            'GIT_CONFIG_NOSYSTEM': '1', 'GIT_AUTHOR_NAME': 'A', 'GIT_AUTHOR_EMAIL': 'a@example.com',
                            'GIT_COMMITTER_NAME': 'A', 'GIT_COMMITTER_EMAIL': 'a@example.com'}
        self.work = self.root / 'work'
        self.out = self.work / 'out'

    def create(self):
        shutil.rmtree(self.root, ignore_errors=True)
        self.work.mkdir(parents=True)
        (self.root / 'home').mkdir()
        shutil.copy(SOURCE, self.work / 'federation.toml')
        self.run(['git', 'init', '-q', '-b', 'main', '.'])
        self.run(['git', 'add', 'federation.toml'])
        self.run(['git', 'commit', '-q', '-m', 'source'])
        return self

    def run(self, command, check=True):
        done = subprocess.run(command, cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace')
        if check and done.returncode != 0:
            raise AssertionError(f'{" ".join(map(str, command))}: exit {done.returncode}\n{done.stdout}')
        return done

    def build(self, *options, check=True):
        return self.run([self.meshfedc, 'build', '--jobs', '1', *options], check)

    def edit(self, old, new):
        source = self.work / 'federation.toml'
        text = source.read_text()
        assert old in text, old
        source.write_text(text.replace(old, new))

    def add_foreign(self):
        for path, content in FOREIGN.items():
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            (self.out / path).write_bytes(content)

    def foreign_is_untouched(self):
        return all((self.out / path).read_bytes() == content for path, content in FOREIGN.items())

    def tree(self):
        return tree(self.out)


def tree(root):
    """What is below: path to digest, target of a link, or kind."""
    found = {}
    for directory, names, files in os.walk(root):
        for name in names + files:
            path = pathlib.Path(directory, name)
            relative = str(path.relative_to(root))
            if path.is_symlink():
                found[relative] = 'link ' + os.readlink(path)
            elif path.is_dir():
                found[relative] = 'directory'
            elif path.is_file():
                found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                found[relative] = 'other'
    return found
