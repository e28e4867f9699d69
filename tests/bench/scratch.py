"""Empty file systems for measured runs.

Each run gets one that nothing was ever written to: removing the tree of the run before would skew what follows.
"""
import os
import pathlib
import shutil
import subprocess
import time

BYTES_PER_FILE = 4096 + 512  # a block, an inode, and its share of a directory
COPIES = 3                   # a working tree, Git's loose objects, and room
JOURNAL_AND_ROOM = 512 << 20


class LoopFileSystem:
    """An ext4 file system in a sparse file, mounted by a loop device. Needs root."""

    kind = 'an ext4 file system of its own, made anew for each group of runs'

    def __init__(self, work, name, files):
        self.image, self.mount_point = work / f'{name}.img', work / name
        self.bytes = JOURNAL_AND_ROOM + COPIES * files * BYTES_PER_FILE
        self.inodes = 10_000 + COPIES * files
        self.mount_point.mkdir()

    def fresh(self):
        self.unmount()
        with open(self.image, 'wb') as image:  # gives the old blocks back
            image.truncate(self.bytes)
        # Nothing is left for the kernel to initialize in the background while a clock runs.
        subprocess.run(['mkfs.ext4', '-q', '-F', '-N', str(self.inodes), '-E', 'lazy_itable_init=0,lazy_journal_init=0',
                        self.image], check=True, capture_output=True)
        subprocess.run(['mount', '-o', 'loop', self.image, self.mount_point], check=True, capture_output=True)
        return self.mount_point

    def unmount(self):
        """Waits for processes that were killed and still end; those that do not must not keep it mounted either."""
        for _ in range(100):
            if not os.path.ismount(self.mount_point):
                return
            if subprocess.run(['umount', self.mount_point], capture_output=True).returncode != 0:
                time.sleep(0.1)
        subprocess.run(['umount', '--lazy', self.mount_point], check=True)

    def close(self):
        self.unmount()
        self.mount_point.rmdir()
        self.image.unlink(missing_ok=True)


class PlainDirectory:
    """A new directory each time, on whatever file system there is; the one before is removed at once."""

    kind = 'a fresh directory for each group of runs'

    def __init__(self, work, name, _files):
        self.parent, self.count = work / name, 0
        self.parent.mkdir()

    def fresh(self):
        shutil.rmtree(self.parent)
        os.sync()
        self.count += 1
        directory = self.parent / str(self.count)
        directory.mkdir(parents=True)
        return directory

    def close(self):
        shutil.rmtree(self.parent)


def why_no_loop_devices(work):
    """None if file systems can be made and mounted here."""
    probe = LoopFileSystem(pathlib.Path(work), 'probe', 0)
    try:
        probe.fresh()
    except (OSError, subprocess.CalledProcessError) as problem:
        said = getattr(problem, 'stderr', None)
        return said.decode().strip() if said else str(problem)
    finally:
        probe.close()
    return None
