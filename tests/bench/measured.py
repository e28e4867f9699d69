"""Commands that run measured, and the median of what they took."""
import os
import signal
import statistics
import subprocess
import typing


class Measurement(typing.NamedTuple):
    wall: float    # seconds
    cpu: float     # seconds, user and system
    peak: float    # MB, largest resident size


class Failed(Exception):
    pass


def parse(line):
    wall, user, system, peak_kib = map(float, line.split())
    return Measurement(wall, user + system, peak_kib * 1024 / 1e6)


def run(command, **options):
    """What a program that prints its own measurement says. A command that fails ends the benchmark. Whatever happens,
    nothing of it is running afterwards: a file system in use could not be unmounted."""
    os.sync()  # what was written before is not to be paid for by this one
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, **options)
    try:
        out, err = process.communicate()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return process.returncode, out, err


def run_expecting(status, command, **options):
    code, out, err = run(command, **options)
    if code != status:
        raise Failed(f'{" ".join(map(str, command))}\nended with {code}, not {status}:\n{err}')
    return parse(out)


def median(measurements):
    return Measurement(*(statistics.median(values) for values in zip(*measurements)))
