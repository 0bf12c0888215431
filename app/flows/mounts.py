"""What lies under a folder: whether its changes are told, and whether an inode stays that of its file."""

from __future__ import annotations

from pathlib import Path, PurePath

import psutil

# Somebody else may change what lies there, and this system is not told of it.
_ELSEWHERE = frozenset(
    "nfs nfs4 cifs smb smb3 smbfs 9p afs afpfs ceph glusterfs lustre davfs davfs2 webdav coda ncpfs "
    "vboxsf vmhgfs prl_fs virtiofs drvfs".split()
)
_FUSE_HERE = ("fuse.ntfs-3g", "fuse.portal")  # of other kinds in user space nothing is known
_STEADY = frozenset(
    "ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs nilfs2 reiserfs tmpfs overlay apfs hfs ufs ntfs".split()
)


def steady(folder: Path) -> bool:
    """Whether a file keeps its inode there for good; made up at each mount it says nothing."""
    return _kind(folder) in _STEADY


def elsewhere(folder: Path) -> bool:
    """Whether changes there may go untold."""
    kind = _kind(folder)
    return kind in _ELSEWHERE or (kind.startswith("fuse.") and kind not in _FUSE_HERE)


def _kind(folder: Path) -> str:
    """The kind of the file system, in lower case; empty where the system does not say."""
    best, kind = "", ""
    for mount in psutil.disk_partitions(all=True):
        place = mount.mountpoint
        if len(place) >= len(best) and PurePath(folder).is_relative_to(place):
            best, kind = place, mount.fstype.lower()
    return kind
