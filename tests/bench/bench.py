#!/usr/bin/env python3
"""Measures meshfedc, and what else would write the same files. Called by run.sh, which builds what this needs."""
import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import large_federation
import measured
import scratch
import table

HERE = pathlib.Path(__file__).resolve().parent
TIERS = {'S': (3, 10), 'M': (26, 50), 'L': (50, 200), 'XL': (160, 34)}  # clusters, exports of each
RUNS = {'S': 5, 'M': 5, 'L': 3, 'XL': 3}
JOBS = 2
NOTES = f'''Medians. "files written" writes meshfedc's own output from memory: opens, writes, closes; "ratio" is to it with 2 threads.
Files written, the script and meshfedc end with one syncfs; Git has core.fsync=none. "git add" finds the files already
there; fast-import reads a prepared stream with each content inline. "objects compressed" are those of meshfedc's commit, by
zlib as meshfedc has it, into one file that is synced. meshfedc runs with --jobs {JOBS}; cold is without its cache.'''


def write_stream(tree, path):
    """`tree` as one commit for git fast-import, the way a simple tool would write it."""
    with open(path, 'wb') as stream:
        stream.write(b'commit refs/heads/main\ncommitter bench <bench@example.com> 0 +0000\ndata 0\n')
        for directory, _, names in os.walk(tree):
            for name in names:
                file = pathlib.Path(directory, name)
                content = file.read_bytes()
                stream.write(b'M 100644 inline %s\ndata %d\n' % (str(file.relative_to(tree)).encode(), len(content)))
                stream.write(content + b'\n')


def make_repository(directory):
    subprocess.run(['git', 'init', '-q', '-b', 'main', directory], check=True)
    for key, value in {'user.name': 'bench', 'user.email': 'bench@example.com', 'core.fsync': 'none', 'gc.auto': '0',
                       'commit.gpgSign': 'false'}.items():
        subprocess.run(['git', '-C', directory, 'config', key, value], check=True)
    return directory


class Bench:
    """One tier at one density. A case is a method that gets an empty file system and gives measurements by row."""

    def __init__(self, options, work, density):
        self.options, self.work = options, work
        self.size = (*TIERS[options.tier], density)
        self.meshfedc = options.meshfedc.resolve()
        self.source = self.federation('host', self.size, 'host')
        self.by_namespace = self.federation('namespace', self.size, 'namespace')
        self.stream, self.objects, self.tree = work / 'stream', work / 'objects', None

    def federation(self, name, size, layout):
        directory = self.work / f'federation-{name}'
        large_federation.write(directory, *size, layout)
        return directory / 'federation.toml'

    def program(self, name):
        return self.options.programs.resolve() / name

    def measure(self, command, status=0, **options):
        return measured.run([self.program('measure'), *command], status, **options)

    def build(self, root, *arguments, source=None, command='build', status=0, **options):
        """With a cache of its own below `root`, which so is empty the first time."""
        return self.measure([self.meshfedc, command, '-f', source or self.source, '--jobs', str(JOBS), *arguments],
                            status, env=os.environ | {'XDG_CACHE_HOME': str(root / 'cache')}, **options)

    def prepare(self, root):
        """What the others write: meshfedc's output, that as a stream, and the objects of its commit."""
        subprocess.run([self.meshfedc, 'validate', '--quiet', '-f', self.source], check=True, stdout=subprocess.DEVNULL)
        self.build(root, '-o', root / 'tree')
        self.tree = root / 'tree'
        write_stream(self.tree, self.stream)
        if self.can_commit():
            self.commit(root)
            with open(self.objects, 'wb') as objects:
                subprocess.run('git rev-list --objects rendered | cut -d " " -f 1 | git cat-file --batch', shell=True,
                               check=True, cwd=root / 'repository', stdout=objects)
        return sum(len(names) for _, _, names in os.walk(self.tree))

    def write_files(self, target, threads, mode):
        return measured.run([self.program('write_files'), self.tree, target, str(threads), mode])

    def plain_1(self, root):
        return {'plain-1': self.write_files(root / 'out', 1, 'plain')}

    def plain_2(self, root):
        return {'plain-2': self.write_files(root / 'out', 2, 'plain')}

    def rename_1(self, root):
        return {'rename-1': self.write_files(root / 'out', 1, 'rename')}

    def rename_2(self, root):
        return {'rename-2': self.write_files(root / 'out', 2, 'rename')}

    def script(self, root):
        return {'script': self.measure([sys.executable, HERE / 'script.py', self.source, root / 'out'])}

    def git_add(self, root):
        repository = make_repository(root / 'repository')
        self.write_files(repository / 'clusters', 2, 'plain')
        return {'git-add': self.measure(['sh', '-c', 'git add -A && git commit -q -m all'], cwd=repository)}

    def fast_import(self, root):
        repository = make_repository(root / 'repository')
        with open(self.stream, 'rb') as stream:
            return {'fast-import': self.measure(['git', 'fast-import', '--quiet'], cwd=repository, stdin=stream)}

    def objects_2(self, root):
        return {'objects-2': measured.run([self.program('write_objects'), self.objects, root / 'objects', '2'])}

    def builds(self, root):
        out = ['-o', root / 'out', '--exit-code']  # says whether it did what the row says
        rows = {'cold': self.build(root, *out, status=1), 'no-op': self.build(root, *out)}
        rows['check'] = self.build(root, '-o', root / 'out', command='check')
        rows['stdout'] = self.build(root, '--cluster', 'c0', '-o', '-')
        with self.one_export_changed():
            rows['one-export'] = self.build(root, *out, status=1)
        return rows

    def traces(self, root):
        """Of the source, and of the directory that it was compiled to."""
        def run(*arguments, source=True):
            where = ['-f', self.source] if source else ['-f', self.source, '-o', self.tree]
            return self.measure([self.meshfedc, *arguments, *where], env=os.environ | {'XDG_CACHE_HOME': str(root / 'cache')})

        call = ['trace', 'c1', 'service-0-0.mesh.global', '--jobs', str(JOBS)]
        table_of_all = ['trace', '--all', '--jobs', str(JOBS)]
        return {'validate': run('validate', '--quiet'), 'trace': run(*call), 'trace-all': run(*table_of_all),
                'yaml-parse': self.measure([self.program('yaml_parse'), self.tree]),
                'trace-tree': run(*call, source=False), 'trace-all-tree': run(*table_of_all, source=False)}

    @contextlib.contextmanager
    def one_export_changed(self):
        fragment = self.source.parent / 'exports' / 'c0.toml'
        text = fragment.read_text()
        fragment.write_text(text.replace('number = 8080', 'number = 8081', 1))
        try:
            yield
        finally:
            fragment.write_text(text)

    def commit(self, root):
        repository = make_repository(root / 'repository')
        shutil.copytree(self.source.parent, repository / 'federation')
        subprocess.run('git add -A && git commit -q -m federation', shell=True, cwd=repository, check=True)
        return {'commit': self.build(root, '-o', 'clusters', '--commit', '--branch', 'rendered',
                                     source='federation/federation.toml', cwd=repository)}

    def namespaces(self, root):
        return {'namespace': self.build(root, '-o', root / 'out', source=self.by_namespace)}

    def tier_m(self, root):
        source = self.work / 'federation-m' / 'federation.toml'
        if not source.exists():
            self.federation('m', (*TIERS['M'], self.size[2]), 'host')
        return {'tier-m': self.build(root, '-o', root / 'out', source=source)}

    def cases(self):
        yield from (self.plain_1, self.plain_2, self.rename_1, self.rename_2, self.script, self.git_add,
                    self.fast_import, self.builds, self.namespaces, self.traces)
        if self.can_commit():
            yield from (self.objects_2, self.commit)
        if self.options.tier == 'XL':
            yield self.tier_m

    def can_commit(self):
        return b'--commit' in subprocess.run([self.meshfedc, 'build', '--help'], check=True, capture_output=True).stdout

    def growth(self):
        """How many times more files than in tier M at the same density."""
        return large_federation.files(*self.size) / large_federation.files(*TIERS['M'], self.size[2])


def measure_density(options, work, make_file_system, density):
    bench = Bench(options, work, density)
    files = large_federation.files(*bench.size)
    rows = {}
    with contextlib.closing(make_file_system(work, 'reference', files)) as reference, \
            contextlib.closing(make_file_system(work, 'measured', files)) as file_system:
        count = bench.prepare(reference.fresh())
        cases = list(bench.cases())
        for run in range(options.runs):
            # Each round begins with another case, so that none always follows the same one.
            for case in cases[run % len(cases):] + cases[:run % len(cases)]:
                for row, measurement in case(file_system.fresh()).items():
                    rows.setdefault(row, []).append(measurement)
    print(f'\ntier {options.tier}, {bench.size[0]} clusters x {bench.size[1]} exports, density {density} %: {count} files, '
          f'{options.runs} run{"s" if options.runs > 1 else ""} in {file_system.kind}')
    medians = {row: measured.median(measurements) for row, measurements in rows.items()}
    print('\n'.join(table.table(options.tier, medians, bench.growth())))
    if not bench.can_commit():
        print('meshfedc build --commit is left out: this meshfedc has no such option.')
    sys.stdout.flush()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('tier', choices=TIERS, metavar='TIER', help=', '.join(TIERS))
    parser.add_argument('--density', type=int, choices=(1, 10, 100), action='append',
                        help='%% of the other clusters that import each export; may be repeated; default: all three')
    parser.add_argument('--runs', type=int, help='of each case; default: 5, for L and XL 3')
    parser.add_argument('--plain-directory', action='store_true', help='make no file system')
    parser.add_argument('--work', type=pathlib.Path, help='where everything goes, and is removed from again')
    parser.add_argument('--meshfedc', type=pathlib.Path, required=True)
    parser.add_argument('--programs', type=pathlib.Path, required=True, help='the directory of measure and write_files')
    options = parser.parse_args()
    options.runs = options.runs or RUNS[options.tier]
    return options


def end_once(received, _):
    """Ends with everything unmounted and removed, which a second signal must not interrupt."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + received)


def main():
    options = parse_arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_once)
    with tempfile.TemporaryDirectory(prefix='bench-', dir=options.work) as name:
        work = pathlib.Path(name).resolve()
        make_file_system = scratch.PlainDirectory
        if not options.plain_directory:
            why = scratch.why_no_loop_devices(work)
            make_file_system = scratch.PlainDirectory if why else scratch.LoopFileSystem
            if why:
                print(f'No file system can be made here ({why}); a directory has to do.')
        print(f'{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}\n{NOTES}', flush=True)
        for density in options.density or (1, 10, 100):
            with tempfile.TemporaryDirectory(dir=work) as directory:
                measure_density(options, pathlib.Path(directory), make_file_system, density)


try:
    main()
except (measured.Failed, subprocess.CalledProcessError) as problem:
    sys.exit(str(problem))
