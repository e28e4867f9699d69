#!/usr/bin/env python3
"""Kills builds: kill.py MESHFEDC KILLS. Ends with "N passed, N failed".

strace ends the process with SIGKILL at its N-th call of one kind: at each one of a small build that changes the disk, and at
points spread over a larger one, up to KILLS in all. After each, nothing of others is touched, every file is whole, and
the next build gives the very tree that an undisturbed one gives; for a commit, `git fsck` is clean and the branch is where it
was or where it was to be.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

from scene import Scene, tree

CALLS = ['write', 'mkdir', 'rename', 'unlink', 'rmdir', 'syncfs', 'link', 'fsync', 'pwrite64', 'ftruncate']


class Case:
    """`prepare` makes the state that the doomed command `options` finds; the source is then as it is to be."""

    def __init__(self, name, prepare, options=(), commits=False):
        self.name = name
        self.prepare = prepare
        self.options = list(options)
        self.commits = commits


def first(scene):
    scene.out.mkdir()
    (scene.out / 'README.md').write_bytes(b'ours\n')


def update(scene):
    scene.build()
    scene.add_foreign()
    scene.build()
    scene.edit('number = 8000', 'number = 8001')


def removal(scene):
    scene.build()
    scene.add_foreign()
    scene.build()
    text = (scene.work / 'federation.toml').read_text()
    (scene.work / 'federation.toml').write_text(text.replace('west-cluster', 'north-cluster'))


def large(scene):
    generator = pathlib.Path(__file__).resolve().parents[1] / 'bench' / 'large_federation.py'
    scene.run([sys.executable, generator, '.', '6', '20', '100'])
    scene.run(['git', 'add', '-A'])
    scene.run(['git', 'commit', '-q', '-m', 'a larger source'])


def large_update(scene):
    large(scene)
    scene.build()
    scene.add_foreign()
    for fragment in (scene.work / 'exports').glob('*.toml'):
        fragment.write_text(fragment.read_text().replace('8080', '8081'))


def branch(scene):
    scene.build('--commit', '--branch', 'rendered')
    scene.edit('number = 8000', 'number = 8001')


CASES = [Case('first build', first), Case('update', update), Case('removal', removal),
         Case('large first build', large), Case('large update', large_update),
         Case('first commit', lambda scene: None, ['--commit', '--branch', 'rendered'], commits=True),
         Case('commit', branch, ['--commit', '--branch', 'rendered'], commits=True)]


def branch_tree(scene):
    found = scene.run(['git', 'rev-parse', '--verify', '-q', 'rendered^{tree}'], check=False)
    return found.stdout.strip()


def state(scene, case):
    return branch_tree(scene) if case.commits else scene.tree()


def prepared(root, meshfedc, case):
    scene = Scene(root, meshfedc).create()
    case.prepare(scene)
    return scene


def kill(scene, case, call, nth):
    """Whether the command was killed at its nth call of the kind."""
    strace = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', f'trace={call}', '-e', f'inject={call}:signal=SIGKILL:when={nth}']
    done = scene.run([*strace, scene.meshfedc, 'build', '--jobs', '1', *case.options], check=False)
    if done.returncode in (-9, 137):
        return True
    assert done.returncode == 0, f'exit {done.returncode}: {done.stdout}'
    return False


def whole_files(scene, known):
    """Every file outside of temporaries has a content that it had, or is to have."""
    for path, content in scene.tree().items():
        if '.meshfedc' in path or content == 'directory':
            continue
        assert content in known.get(path, ()), f'{path} is neither old nor new'


def judge(scene, case, before, after):
    if case.commits:
        scene.run(['git', 'fsck', '--strict', '--no-dangling'])
        assert branch_tree(scene) in (before, after), 'the branch is somewhere else'
        assert scene.run(['git', 'status', '--porcelain', '--untracked-files=no', 'out']).stdout == '', 'the working tree was touched'
    else:
        known = {}
        for one in (before, after):
            for path, content in one.items():
                known.setdefault(path, set()).add(content)
        whole_files(scene, known)
    mind_locks(scene, case)
    scene.build(*case.options)
    found = state(scene, case)
    assert found == after, f'the next build gives another tree: {describe(found, after)}'
    if case.commits:
        scene.run(['git', 'fsck', '--strict', '--no-dangling'])


def mind_locks(scene, case):
    """Git's own lock files say not who made them: as after a killed `git`, a person is told of it, and removes it."""
    git = scene.work / '.git'
    for lock in [*git.glob('*.lock'), *(git / 'refs').rglob('*.lock')]:
        done = scene.build(*case.options, check=False)
        told = done.returncode == 4 and lock.name in done.stdout
        assert told or done.returncode == 0, f'{lock.name} is not named: {done.stdout}'  # 0: the branch had moved already
        lock.unlink()


def describe(found, wanted):
    if isinstance(found, str):
        return f'{found}, not {wanted}'
    return sorted(p for p in found.keys() | wanted.keys() if found.get(p) != wanted.get(p))


def points(root, meshfedc, case):
    """Every call of the case's command that may be its last, as (call, nth)."""
    scene = prepared(root, meshfedc, case)
    log = scene.root / 'calls'
    scene.run(['strace', '-f', '-qq', '-o', str(log), '-e', 'trace=' + ','.join(CALLS), scene.meshfedc, 'build', '--jobs', '1', *case.options])
    counts = {}
    for line in log.read_text(errors='replace').splitlines():
        call = line.split(maxsplit=1)[1].split('(')[0] if ' ' in line else ''
        if call in CALLS:
            counts[call] = counts.get(call, 0) + 1
    return [(call, nth) for call in CALLS for nth in range(1, counts.get(call, 0) + 1)], state(scene, case)


def spread(items, count):
    if len(items) <= count:
        return items
    return [items[i * len(items) // count] for i in range(count)]


def shares(sizes, total):
    """How many of each, evenly; what small ones leave goes to the others."""
    granted = [0] * len(sizes)
    left = total
    for place, index in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        granted[index] = min(sizes[index], -(-left // (len(sizes) - place)))
        left -= granted[index]
    return granted


def run_case(case, root, meshfedc, all_points, after, kills):
    passed = failed = 0
    before = state(prepared(root, meshfedc, case), case)
    for call, nth in spread(all_points, kills):
        scene = prepared(root, meshfedc, case)
        try:
            if kill(scene, case, call, nth):
                judge(scene, case, before, after)
            passed += 1
        except (AssertionError, OSError) as error:
            failed += 1
            print(f'{case.name}, killed at {call} {nth}: {error}')
    print(f'{case.name}: {passed + failed} of {len(all_points)} points')
    return passed, failed


def main():
    meshfedc, kills = sys.argv[1], int(sys.argv[2])
    passed = failed = 0
    with tempfile.TemporaryDirectory() as root:
        scene = pathlib.Path(root) / 'scene'
        found = [points(scene, meshfedc, case) for case in CASES]
        granted = shares([len(calls) for calls, _ in found], kills)
        for case, (calls, after), share in zip(CASES, found, granted):
            one, other = run_case(case, scene, meshfedc, calls, after, share)
            passed, failed = passed + one, failed + other
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
