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


def run(command, status=0, **options):
    """What a program of ours that measures says (measurement.hpp). It must end with `status`. Whatever happens, it and
    its children are told to end: a file system in use cannot be unmounted."""
    os.sync()  # what was written before is not to be paid for by this one
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, **options)
    try:
        out, err = process.communicate()
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode != status:
        raise Failed(f'{" ".join(map(str, command))}\nended with {process.returncode}, not {status}:\n{err}')
    wall, user, system, peak_kib = map(float, out.split())
    return Measurement(wall, user + system, peak_kib * 1024 / 1e6)


def median(measurements):
    return Measurement(*(statistics.median(values) for values in zip(*measurements)))
