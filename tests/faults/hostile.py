#!/usr/bin/env python3
"""Output directories that somebody has prepared: hostile.py MESHFEDC. Ends with "N passed, N failed".

Whatever stands there, a build either refuses, naming what is in its way, and changes nothing, or does its work and
leaves all that is not its own as it was.
"""
import errno
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from scene import Scene, tree

CLUSTER = 'east-cluster'
HOST_FILE = f'{CLUSTER}/httpbin/httpbin.mesh.global.yaml'
LOCK = f'{CLUSTER}/.meshfedc.lock'
ZEROS = '0' * 64


def refused(scene, *words, options=()):
    """Exit 3, the words are said, and nothing below the scene changes."""
    before = tree(scene.root)
    done = scene.build(*options, check=False)
    assert done.returncode == 3, f'exit {done.returncode}, not 3: {done.stdout}'
    for word in words:
        assert word in done.stdout, f'{word!r} is not said: {done.stdout}'
    assert tree(scene.root) == before, 'something changed'


def replace(path, make):
    path.unlink()
    make(path)


def link_in_place_of_a_file(scene):
    secret = scene.root / 'secret'
    secret.write_text('precious\n')
    replace(scene.out / HOST_FILE, lambda path: path.symlink_to(secret))
    for options in ((), ('--force',)):
        refused(scene, HOST_FILE, options=options)
    assert secret.read_text() == 'precious\n'


def link_in_place_of_a_directory(scene):
    directory = scene.out / CLUSTER / 'httpbin'
    moved = scene.root / 'elsewhere'
    directory.rename(moved)
    directory.symlink_to(moved)
    for options in ((), ('--force',)):
        refused(scene, f'{CLUSTER}/httpbin', options=options)


def link_in_place_of_a_cluster(scene):
    moved = scene.root / 'elsewhere'
    (scene.out / CLUSTER).rename(moved)
    (scene.out / CLUSTER).symlink_to(moved)
    refused(scene, CLUSTER, options=('--force',))


def link_in_place_of_the_lock(scene):
    replace(scene.out / LOCK, lambda path: path.symlink_to('/etc/passwd'))
    refused(scene, LOCK, options=('--force',))


def fifo_in_place_of_a_file(scene):
    replace(scene.out / HOST_FILE, os.mkfifo)
    refused(scene, HOST_FILE, options=('--force',))


def directory_in_place_of_a_file(scene):
    replace(scene.out / HOST_FILE, lambda path: path.mkdir())
    refused(scene, HOST_FILE, options=('--force',))


def all_in_one_report(scene):
    (scene.out / HOST_FILE).write_text('edited\n')
    replace(scene.out / CLUSTER / 'kustomization.yaml', os.mkfifo)
    replace(scene.out / 'west-cluster/istio-system/mesh.yaml', lambda path: path.symlink_to('x'))
    refused(scene, HOST_FILE, f'{CLUSTER}/kustomization.yaml', 'west-cluster/istio-system/mesh.yaml')


def name_in_another_case(scene):
    (scene.out / CLUSTER / 'httpbin').rename(scene.out / CLUSTER / 'HttpBin')
    refused(scene, 'HttpBin', options=('--force',))


def names_that_are_no_text(scene):
    for name in (b'\xff\xfe', b'a\nb', b'-rf', b'\x1b[31m', 'ÄÖ'.encode()):
        with open(os.fsencode(scene.out / CLUSTER) + b'/' + name, 'w') as file:
            file.write('mine')
    before = scene.tree()
    scene.edit('number = 8000', 'number = 8001')
    scene.build()
    assert scene.tree().keys() == before.keys()
    assert scene.run([scene.meshfedc, 'check']).returncode == 0


def unusual_modes(scene):
    for path, mode in ((HOST_FILE, 0o000), (f'{CLUSTER}/kustomization.yaml', 0o4755), (f'{CLUSTER}/httpbin', 0o1777)):
        os.chmod(scene.out / path, mode)
    scene.edit('number = 8000', 'number = 8001')
    before = scene.tree()
    scene.build()
    assert scene.tree().keys() == before.keys()


def directory_that_takes_no_files(scene):
    """For root, modes forbid nothing: the attribute does."""
    directory = scene.out / CLUSTER / 'httpbin'
    if subprocess.run(['chattr', '+i', directory], stderr=subprocess.DEVNULL).returncode != 0:
        print('  this file system has no immutable directories: left out')
        return
    try:
        scene.edit('number = 8000', 'number = 8001')
        done = scene.build(check=False)
        assert done.returncode == 4 and 'httpbin' in done.stdout, done.stdout
    finally:
        subprocess.run(['chattr', '-i', directory], check=True)
    scene.build()


def many_foreign_files(scene):
    directory = scene.out / CLUSTER / 'httpbin'
    for i in range(100_000):
        os.close(os.open(directory / f'foreign-{i}.yaml', os.O_CREAT | os.O_WRONLY))
    scene.edit('number = 8000', 'number = 8001')
    scene.build()
    assert sum(name.startswith('foreign-') for name in os.listdir(directory)) == 100_000


def other_federation(scene):
    (scene.out / LOCK).write_text('meshfedc-lock 1 other\n')
    refused(scene, 'other', options=('--force',))


def lock_of_an_enemy(scene):
    """A line that leads elsewhere, or that only looks like one of ours, never has anything removed."""
    precious = scene.work / 'precious'
    precious.write_text('')
    good = (scene.out / LOCK).read_text()
    empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'  # SHA-256 of nothing
    for line in (f'../../precious {empty}', f'{precious} {empty}', f'/etc/hostname {empty}', f'a/../../../precious {empty}',
                 f'.git/config {empty}', f'a//b {empty}', f'./a {empty}', f'a/{"x" * 300} {empty}', 'a ', f'a {empty[:-1]}',
                 f'a\0b {empty}', f'a {empty} \x1b[2J'):
        (scene.out / LOCK).write_text(good + line + '\n')
        refused(scene, LOCK, options=('--force',))
    assert precious.exists()


def lock_that_is_damaged(scene):
    good = (scene.out / LOCK).read_bytes()
    for text in (b'', good[:-1], good[:20], good.replace(b'meshfedc-lock 2', b'meshfedc-lock 3'), b'\0' * 100, b'\n' * 1000,
                 good.replace(b'\n', b'\r'), b'<<<<<<< HEAD\n', b'x' * (65 << 20)):
        (scene.out / LOCK).write_bytes(text)
        refused(scene, LOCK)


def lock_that_claims_what_is_not_ours(scene):
    """It names a file of somebody else by its true digest: it is removed, as the lock says that we wrote it; a wrong one is not."""
    notes = scene.out / CLUSTER / 'httpbin' / 'notes.yaml'
    notes.write_text('mine\n')
    with open(scene.out / LOCK, 'a') as lock:
        lock.write(f'httpbin/notes.yaml {ZEROS}\n')
    refused(scene, 'notes.yaml')


def full_disk(scene):
    """A small file system fills up while the build writes: the old tree stays, and what was begun goes."""
    small = scene.root / 'small'
    small.mkdir()
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=400k', 'small', small], check=True)
    try:
        scene.out = small / 'out'
        out = ('-o', str(scene.out))
        scene.build(*out)
        before = scene.tree()
        filler = fill(small)
        scene.edit('number = 8000', 'number = 8001')
        done = scene.build(*out, check=False)
        assert done.returncode == 4 and 'No space left on device' in done.stdout, done.stdout
        after = scene.tree()
        assert {path: after.get(path) for path in before if path not in (LOCK, 'west-cluster/.meshfedc.lock')} == {
            path: content for path, content in before.items() if path not in (LOCK, 'west-cluster/.meshfedc.lock')}
        assert not [path for path in after if '.meshfedc.tmp-' in path], 'temporaries are left'
        shutil.rmtree(scene.out / CLUSTER)
        filler += fill(small)
        done = scene.build(*out, check=False)
        assert done.returncode == 4, done.stdout
        assert not (scene.out / CLUSTER).exists() and not [p for p in scene.tree() if '.meshfedc.tmp-' in p]
        for path in filler:
            path.unlink()
        scene.build(*out)
        assert scene.run([scene.meshfedc, 'check', *out]).returncode == 0
    finally:
        subprocess.run(['umount', small], check=True)


def fill(directory):
    """Files that leave no room for another page."""
    made = []
    for size in (1 << 16, 1 << 12, 1):
        while True:
            path = directory / f'filler-{size}-{len(made)}-{time.monotonic_ns()}'
            made.append(path)
            try:
                path.write_bytes(b'x' * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
                break
    return [path for path in made if path.exists()]


CASES = [link_in_place_of_a_file, link_in_place_of_a_directory, link_in_place_of_a_cluster, link_in_place_of_the_lock,
         fifo_in_place_of_a_file, directory_in_place_of_a_file, all_in_one_report, name_in_another_case,
         names_that_are_no_text, unusual_modes, directory_that_takes_no_files, many_foreign_files, other_federation,
         lock_of_an_enemy, lock_that_is_damaged, lock_that_claims_what_is_not_ours, full_disk]


def main():
    passed = failed = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as root:
            scene = Scene(pathlib.Path(root) / 'scene', sys.argv[1]).create()
            scene.build()
            try:
                case(scene)
                passed += 1
            except (AssertionError, OSError, subprocess.SubprocessError):
                failed += 1
                print(f'{case.__name__}: {traceback.format_exc()}')
    print(f'{passed} passed, {failed} failed')
    return failed != 0


sys.exit(main())
