"""Branches that each add, rename, change or remove exports are merged, rebased and cherry-picked by real Git, in random pairs. After
each step federation.toml is what the edits together mean, and then `meshfedc build` without --force must accept the tree: `check` says
that it is up to date, it holds what a build elsewhere makes, and what people wrote is as it was. An edit by hand is refused.

    merge.py MESHFEDC [SECONDS [SEED]]    cases of ascending seeds until the time is up (a tenth of it
                                          if MESHFED_FEW is set); with a seed, that case alone
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HEAD = '''version = 1
[federation]
name = "demo"
[defaults]
istio = "1.31"
dns_capture = true
mtls = "strict"
[mesh.east]
[mesh.west]
[mesh.north]
[network.east-net]
[network.west-net]
[network.north-net]
egress_port = 15444
[cluster.east-1]
mesh = "east"
network = "east-net"
egress = "gateway"
gateway.addresses = ["203.0.113.2"]
[cluster.north-1]
mesh = "north"
network = "north-net"
files = "namespace"
gateway.addresses = ["203.0.113.3"]
[cluster.west-1]
mesh = "west"
network = "west-net"
gateway.addresses = ["203.0.113.1"]
gateway.replicas = 2
gateway.protect = true
'''
NAMES = ['alpha', 'beta', 'carts', 'delta', 'emails', 'files', 'grants', 'hooks', 'items', 'jobs', 'keys', 'links', 'mails', 'notes']
SPACES = ['shop', 'stock', 'web']
MESHES = ['east', 'north', 'west']
EXTRAS = ['', '', '', 'alias = ["{name}.shop.example", "{name}.example"]',
          'outlier = {{ errors = 3 }}', 'connection_pool.tcp = {{ maxConnections = 9 }}']
NOTES = 'shop/notes-of-a-person.yaml'


def export_of(rng):
    source = rng.choice(MESHES)
    others = [mesh for mesh in MESHES if mesh != source]
    return {'space': rng.choice(SPACES), 'port': rng.choice([80, 8080, 9000]), 'from': source,
            'to': sorted(rng.sample(others, rng.choice([1, 2]))), 'account': rng.random() < 0.7,
            'at': rng.choice([None, None, 'from', 'to']), 'extra': rng.choice(EXTRAS)}


def text_of(state):
    text = HEAD
    for name, export in sorted(state.items()):
        text += f'\n[export.{name}]\nnamespace = "{export["space"]}"\ncanonical_name = "{name}"\n'
        text += f'ports = [{{ name = "http", number = {export["port"]} }}]\nfrom = ["{export["from"]}"]\n'
        text += f'to = [{", ".join(f"{mesh!r}" for mesh in export["to"])}]\n'.replace("'", '"')
        text += f'{export["extra"].format(name=name)}\n'
        text += f'service_accounts = ["{name}"]\n' if export['account'] else ''
        place = {'from': export['from'], 'to': export['to'][0]}.get(export['at'])
        text += f'[export.{name}.at.{place}]\nnamespace = "{export["space"]}-{place}"\n' if place else ''
    return text


def edited(rng, state):
    state = dict(state)
    for _ in range(rng.choice([1, 1, 2])):
        free = [name for name in NAMES if name not in state]
        what = rng.choice(['add', 'add', 'rename', 'remove', 'change'])
        if what == 'add' and free:
            state[rng.choice(free)] = export_of(rng)
        elif what == 'rename' and free:
            state[rng.choice(free)] = state.pop(rng.choice(sorted(state)))
        elif what == 'remove' and len(state) > 2:
            del state[rng.choice(sorted(state))]
        else:
            name = rng.choice(sorted(state))
            key = rng.choice(['port', 'to', 'account', 'space', 'at', 'extra'])
            state[name] = {**state[name], key: export_of(rng)[key]}
            if state[name]['from'] in state[name]['to']:
                state[name]['to'] = [mesh for mesh in MESHES if mesh != state[name]['from']][:1]
    return state


def merged(base, ours, theirs):
    """Who changed an export counts; if both did, theirs does."""
    state = {}
    for name in {*base, *ours, *theirs}:
        chosen = ours.get(name) if theirs.get(name) == base.get(name) else theirs.get(name)
        if chosen:
            state[name] = chosen
    return state


class Case:
    def __init__(self, meshfedc, root, seed):
        self.meshfedc, self.root, self.rng = meshfedc, root, random.Random(seed)
        self.repository = root / 'fleet'
        self.repository.mkdir()
        self.environment = {'PATH': os.environ['PATH'], 'HOME': str(root), 'GIT_CONFIG_NOSYSTEM': '1', 'LC_ALL': 'C.UTF-8',
                            'XDG_CACHE_HOME': str(root / 'cache'), 'GIT_EDITOR': 'true', 'GIT_ADVICE': '0'}
        self.tags = {}
        self.log = []

    def run(self, *command, good=(0,)):
        done = subprocess.run(command, cwd=self.repository, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding='utf-8', errors='replace')
        self.log.append(f'$ {" ".join(map(str, command))}: {done.returncode}')
        if good is not None and done.returncode not in good:
            raise AssertionError('\n'.join(self.log) + '\n' + done.stdout)
        return done

    def git(self, *command, good=(0,)):
        return self.run('git', *command, good=good)

    def out(self):
        return {str(path.relative_to(self.repository / 'out')): path.read_bytes() for path in (self.repository / 'out').rglob('*')
                if path.is_file()}

    def prepare(self):
        self.git('init', '-q', '-b', 'main', '.')
        for key, value in {'user.name': 't', 'user.email': 't@example.com', 'advice.mergeConflict': 'false',
                           'merge.conflictStyle': self.rng.choice(['merge', 'diff3', 'zdiff3']),
                           'merge.directoryRenames': 'false'}.items():
            self.git('config', key, value)
        if self.rng.random() < 0.2:
            (self.repository / '.gitattributes').write_text('.meshfedc.lock merge=union\n')
        self.base = {}
        for name in self.rng.sample(NAMES, self.rng.choice([2, 4, 6])):
            self.base[name] = export_of(self.rng)
        self.commit(self.base, 'base')
        notes = self.repository / 'out/east-1' / NOTES
        notes.parent.mkdir(exist_ok=True)
        notes.write_text('a person wrote this\n')
        self.git('add', '-A')
        self.git('commit', '-qm', 'notes')
        self.states = {}
        for branch in 'abcd':
            self.git('checkout', '-q', '-b', branch, 'main')
            self.states[branch] = edited(self.rng, self.base)
            self.commit(self.states[branch], branch)
        self.git('checkout', '-q', 'main')

    def commit(self, state, message):
        (self.repository / 'federation.toml').write_text(text_of(state))
        self.run(self.meshfedc, 'build')
        self.git('add', '-A')
        self.git('commit', '-q', '--allow-empty', '-m', message)

    def settle(self, state):
        """What a person does after Git has stopped, or has merged without a stop."""
        conflicts = self.git('diff', '--name-only', '--diff-filter=U').stdout.split()
        habit = self.rng.choice(['build', 'build', 'lock', 'each'])
        for path in conflicts:
            if not path.startswith('out/') or habit == 'build' or (habit == 'lock' and not path.endswith('.lock')):
                continue
            self.git('checkout', self.rng.choice(['--ours', '--theirs']), '--', path, good=None)
        (self.repository / 'federation.toml').write_text(text_of(state))
        if self.rng.random() < 0.4:
            self.edit_is_refused()
        self.run(self.meshfedc, 'build')
        self.run(self.meshfedc, 'check')
        self.run(self.meshfedc, 'build', '-o', self.root / 'elsewhere')
        found = self.out()
        assert found.pop('east-1/' + NOTES) == b'a person wrote this\n', 'what a person wrote is not there any more'
        elsewhere = self.root / 'elsewhere'
        wanted = {str(path.relative_to(elsewhere)): path.read_bytes() for path in elsewhere.rglob('*') if path.is_file()}
        shutil.rmtree(elsewhere)
        strange = sorted(path for path in {*found, *wanted} if found.get(path) != wanted.get(path))
        assert not strange, '\n'.join([*self.log, f'not what a build elsewhere makes: {strange}'])
        self.git('add', '-A')

    def edit_is_refused(self):
        files = sorted(path for path in self.out() if path.endswith('.yaml') and not path.endswith(NOTES))
        path = self.repository / 'out' / self.rng.choice(files)
        before = path.read_bytes()
        lines = before.decode().splitlines(keepends=True)
        at = self.rng.randrange(len(lines) + 1)
        edit = ''.join([*lines[:at], '# a person wrote this, too\n', *lines[at:]]).encode()
        path.write_bytes(edit)
        done = self.run(self.meshfedc, 'build', good=None)
        # A file that is neither planned nor listed any more is passed over.
        assert done.returncode in (0, 3) and path.exists() and path.read_bytes() == edit, '\n'.join(
            [*self.log, f'an edit of {path} is lost', done.stdout])
        if done.returncode == 0:
            path.unlink()
        else:
            path.write_bytes(before)

    def merge(self, branch, state):
        options = self.rng.choice([[], [], ['-X', 'ours'], ['-X', 'theirs']])
        self.git('merge', '-q', '--no-ff', '--no-commit', *options, branch, good=(0, 1))
        after = merged(self.base, state, self.states[branch])
        self.settle(after)
        self.git('commit', '-q', '--allow-empty', '-m', f'merge {branch}')
        return after

    def rebase(self, branch, state):
        self.git('checkout', '-q', branch)
        stopped = self.git('rebase', '-q', 'main', good=(0, 1)).returncode
        after = merged(self.base, state, self.states[branch])
        self.settle(after)
        if stopped:
            self.git('rebase', '--continue', good=None)
            if (self.repository / '.git/rebase-merge').exists():
                self.git('rebase', '--skip')
        self.git('commit', '-q', '--allow-empty', '-m', f'rebased {branch}')
        self.git('checkout', '-q', 'main')
        self.git('merge', '-q', '--ff-only', branch)
        return after

    def pick(self, branch, state):
        options = self.rng.choice([[], [], ['-X', 'ours'], ['-X', 'theirs']])
        stopped = self.git('cherry-pick', *options, branch, good=(0, 1)).returncode
        after = merged(self.base, state, self.states[branch])
        self.settle(after)
        self.git('commit', '-q', '--allow-empty', '-m', f'picked {branch}' if stopped else 'build')
        return after

    def all(self):
        self.prepare()
        state = self.base
        steps = [self.merge, self.merge, self.rebase, self.pick]
        self.rng.shuffle(steps)
        for branch, step in zip('abcd', steps):
            state = step(branch, state)
        assert self.git('status', '--short').stdout == '', self.git('status', '--short').stdout


def run_case(meshfedc, seed):
    with tempfile.TemporaryDirectory() as root:
        case = Case(meshfedc, pathlib.Path(root), seed)
        try:
            case.all()
        except AssertionError as error:
            print(f'seed {seed}: {error}')
            return False
    return True


def main():
    meshfedc = str(pathlib.Path(sys.argv[1]).resolve())
    if len(sys.argv) > 3:
        return 0 if run_case(meshfedc, int(sys.argv[3])) else 1
    seconds = float(sys.argv[2] if len(sys.argv) > 2 else 30)
    end = time.monotonic() + (seconds / 10 if os.environ.get('MESHFED_FEW') else seconds)
    seed = failed = 0
    while time.monotonic() < end or seed < 10:
        seed += 1
        failed += not run_case(meshfedc, seed)
        if failed >= 10:
            break
    print(f'{seed} cases, {failed} failed')
    return 1 if failed else 0


sys.exit(main())
