"""The benchmark's own test: smoke_test.py MESHFEDC PROGRAMS. What it compares does the same work, and a run of the smallest
tier fills the whole table. Nothing is said about time."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zlib

import large_federation
import measured
import table

HERE = pathlib.Path(__file__).resolve().parent
MESHFEDC, PROGRAMS = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
S = (3, 10)


def content(tree):
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob('*') if path.is_file()}


def inflated(data):
    contents = []
    while data:
        stream = zlib.decompressobj()
        contents.append(stream.decompress(data))
        data = stream.unused_data
    return contents


def took(wall, peak=1.0):
    return measured.Measurement(wall, wall, peak)


class SameWork(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.work = pathlib.Path(directory.name)

    def compiled(self, density, layout='host'):
        large_federation.write(self.work / 'federation', *S, density, layout)
        self.source = self.work / 'federation' / 'federation.toml'
        done = subprocess.run([MESHFEDC, 'build', '-f', self.source, '-o', self.work / 'compiled'], check=True,
                              capture_output=True, text=True)
        self.assertEqual(done.stderr.count('warning'), 0)
        return content(self.work / 'compiled')

    def test_the_script_writes_the_compilers_bytes_but_no_lock(self):
        for density in (1, 100):
            with self.subTest(density=density):
                self.setUp()
                compiled = self.compiled(density)
                subprocess.run([sys.executable, HERE / 'script.py', self.source, self.work / 'script'], check=True)
                expected = {path: data for path, data in compiled.items() if not path.endswith('.meshfedc.lock')}
                self.assertEqual(len(compiled) - len(expected), S[0])
                self.assertEqual(content(self.work / 'script'), expected)

    def test_the_bare_writer_writes_what_it_was_given(self):
        compiled = self.compiled(100)
        for threads in ('1', '2'):
            for mode in ('plain', 'rename'):
                with self.subTest(threads=threads, mode=mode):
                    target = self.work / f'{mode}-{threads}'
                    subprocess.run([f'{PROGRAMS}/write_files', self.work / 'compiled', target, threads, mode], check=True,
                                   stdout=subprocess.DEVNULL)
                    self.assertEqual(content(target), compiled)

    def test_the_bare_compressor_writes_the_objects_that_it_was_given(self):
        contents = [b'', b'x', b'line\n' * 5000, bytes(range(256)) * 300]
        objects, target = self.work / 'objects', self.work / 'compressed'
        objects.write_bytes(b''.join(b'%040x blob %d\n%s\n' % (number, len(data), data)
                                     for number, data in enumerate(contents)))
        for threads in ('1', '2'):
            with self.subTest(threads=threads):
                subprocess.run([f'{PROGRAMS}/write_objects', objects, target, threads], check=True, stdout=subprocess.DEVNULL)
                self.assertEqual(inflated(target.read_bytes()), contents)
                target.unlink()

    def test_the_number_of_files_is_about_what_the_tiers_are_planned_with(self):
        for density in (1, 100):
            with self.subTest(density=density):
                self.setUp()
                count, planned = len(self.compiled(density)), large_federation.files(*S, density)
                self.assertLessEqual(count, planned)
                self.assertGreater(count, planned / 2)


class Table(unittest.TestCase):
    def run_bench(self, *arguments):
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run([sys.executable, HERE / 'bench.py', '--meshfedc', MESHFEDC, '--programs', PROGRAMS,
                                   '--work', work, '--plain-directory', 'S', '--density', '10', '--runs', '1', *arguments],
                                  capture_output=True, text=True)
            left = list(pathlib.Path(work).iterdir())
        self.assertEqual((done.returncode, done.stderr, left), (0, '', []))
        return done.stdout

    def test_a_run_fills_every_row_and_leaves_nothing_behind(self):
        printed = self.run_bench()
        missing = {'tier-m'}  # tier XL only
        if 'meshfedc build --commit is left out' in printed:
            missing |= {'commit', 'objects-2'}
        for row, title in table.ROWS.items():
            numbers = re.findall(rf'^{re.escape(title)} +([\d.]+) +([\d.]+) +([\d.]+|-) +([\d.]+)', printed, re.M)
            self.assertEqual(len(numbers), 0 if row in missing else 1, title + '\n' + printed)
            for wall, _, peak, _ in numbers:
                self.assertGreater(float(wall), 0, title)
                self.assertEqual(peak == '-', row[:5] in ('plain', 'renam', 'objec'), title)

    def test_a_value_is_held_against_its_target(self):
        medians = {'plain-2': took(1), 'cold': took(1.2, peak=101), 'no-op': took(0.13)}
        printed = '\n'.join(table.table('L', medians, 1))
        self.assertIn('ok: 1.2 x files written, 2 threads, target 1.2; missed: 101 MB, target 100', printed)
        self.assertIn('missed: 0.108 x cold, target 0.1', printed)
        self.assertNotIn('target', '\n'.join(table.table('S', {'plain-2': took(1), 'cold': took(9)}, 1)))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
