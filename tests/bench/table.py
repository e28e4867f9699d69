"""The rows of the result, what each is held against, and the table."""
import typing

ROWS = {
    'plain-1': 'files written, 1 thread',
    'plain-2': 'files written, 2 threads',
    'rename-1': 'files written and renamed, 1 thread',
    'rename-2': 'files written and renamed, 2 threads',
    'script': 'Python script',
    'git-add': 'git add && git commit',
    'fast-import': 'git fast-import',
    'objects-2': 'objects compressed and written, 2 threads',
    'cold': 'meshfedc build, cold',
    'no-op': 'meshfedc build, nothing changed',
    'check': 'meshfedc check',
    'one-export': 'meshfedc build, one export changed',
    'stdout': 'meshfedc build -o -, one cluster',
    'commit': 'meshfedc build --commit',
    'namespace': 'meshfedc build, cold, files = "namespace"',
    'tier-m': 'meshfedc build, cold, tier M',
    'validate': 'meshfedc validate',
    'trace': 'meshfedc trace, one call',
    'trace-all': 'meshfedc trace --all',
    'yaml-parse': 'yaml-cpp, all manifests',
    'trace-tree': 'meshfedc trace -o, one call',
    'trace-all-tree': 'meshfedc trace --all -o',
}


class Target(typing.NamedTuple):
    row: str
    tiers: tuple
    needs: tuple            # rows
    value: typing.Callable  # of the medians by row, and of how many times more files there are than in tier M
    unit: str
    limit: float


ALL = ('M', 'L', 'XL')  # starting a process is most of what is measured in tier S
TARGETS = (
    Target('cold', ('M', 'L'), ('cold', 'plain-2'), lambda m, _: m['cold'].wall / m['plain-2'].wall,
           'x files written, 2 threads', 1.2),
    Target('cold', ('L',), ('cold',), lambda m, _: m['cold'].peak, 'MB', 100),
    Target('cold', ('XL',), ('cold', 'tier-m'), lambda m, growth: m['cold'].peak / m['tier-m'].peak / growth,
           'x linear in files from tier M', 1),
    Target('no-op', ALL, ('no-op', 'cold'), lambda m, _: m['no-op'].wall / m['cold'].wall, 'x cold', 0.1),
    Target('check', ALL, ('check', 'no-op'), lambda m, _: m['check'].wall / m['no-op'].wall, 'x nothing changed', 1.5),
    Target('one-export', ALL, ('one-export', 'no-op', 'cold'),
           lambda m, _: (m['one-export'].wall - m['no-op'].wall) / m['cold'].wall, 'x cold beyond nothing changed', 0.1),
    Target('stdout', ('L',), ('stdout',), lambda m, _: m['stdout'].wall, 's', 0.2),
    Target('commit', ALL, ('commit', 'fast-import'), lambda m, _: m['commit'].wall / m['fast-import'].wall,
           'x fast-import', 0.5),
    Target('commit', ALL, ('commit', 'objects-2'), lambda m, _: m['commit'].wall / m['objects-2'].wall,
           'x objects compressed and written', 3),
    Target('trace', ALL, ('trace', 'validate'), lambda m, _: m['trace'].cpu / m['validate'].cpu, 'x validate', 1.5),
    Target('trace-all', ALL, ('trace-all', 'validate'), lambda m, _: m['trace-all'].cpu / m['validate'].cpu, 'x validate', 10),
    Target('trace-tree', ALL, ('trace-tree', 'yaml-parse'), lambda m, _: m['trace-tree'].cpu / m['yaml-parse'].cpu,
           'x yaml-cpp', 1.2),
    Target('trace-all-tree', ALL, ('trace-all-tree', 'trace-all', 'yaml-parse'),
           lambda m, _: (m['trace-all-tree'].cpu - m['trace-all'].cpu) / m['yaml-parse'].cpu, 'x yaml-cpp beyond the source', 1.2),
    Target('namespace', ALL, ('namespace', 'cold'), lambda m, _: m['namespace'].wall / m['cold'].wall, 'x cold', 0.2),
)


def judged(row, tier, medians, growth):
    for target in TARGETS:
        if target.row == row and tier in target.tiers and all(name in medians for name in target.needs):
            value = target.value(medians, growth)
            verdict = 'ok' if value <= target.limit else 'missed'
            yield f'{verdict}: {value:.3g} {target.unit}, target {target.limit:g}'


def table(tier, medians, growth):
    """`medians` by row; rows that were not measured are left out, and so is a peak of 0."""
    plain = medians['plain-2'].wall
    yield f'{"":42} {"wall s":>9} {"CPU s":>9} {"peak MB":>8} {"ratio":>7}'
    for row, title in ROWS.items():
        if row in medians:
            wall, cpu, peak = medians[row]
            verdicts = '; '.join(judged(row, tier, medians, growth))
            yield f'{title:42} {wall:9.3f} {cpu:9.3f} {f"{peak:.1f}" if peak else "-":>8} {wall / plain:7.2f}  {verdicts}'.rstrip()
