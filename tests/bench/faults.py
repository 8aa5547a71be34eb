"""Every system call that a probe makes, failing in every way that its manual lists: what becomes of it.

usage: faults.py IPC-ADVISOR [MECHANISM...]
strace(1) injects the error into every call, or into the third one only. An outcome is a report or a message with its
exit status; a signal, a hang, a "confirmed" although the data path was cut, or anything left behind is a fault of ours.
Exits with 1 where there is one.
"""
import collections
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

BINARY = os.path.abspath(sys.argv[1])
SECONDS = 30
# From the ERRORS sections of the manual pages of Linux.
ERRORS = {
    "socket": "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT", "bind": "EACCES EADDRINUSE EBADF EINVAL ENOTSOCK EADDRNOTAVAIL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EROFS",
    "listen": "EADDRINUSE EBADF ENOTSOCK EOPNOTSUPP", "accept4": "EAGAIN EBADF ECONNABORTED EINTR EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPERM EPROTO",
    "connect": "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF ECONNREFUSED EINPROGRESS EINTR EISCONN ENETUNREACH ENOTSOCK EPROTOTYPE ETIMEDOUT",
    "sendto": "EACCES EAGAIN EALREADY EBADF ECONNRESET EDESTADDRREQ EINTR EINVAL EMSGSIZE ENOBUFS ENOMEM ENOTCONN EPIPE", "sendmsg": "EACCES EAGAIN EBADF ECONNRESET EINTR EINVAL EMSGSIZE ENOBUFS ENOMEM EPIPE",
    "recvfrom": "EAGAIN EBADF ECONNREFUSED EINTR EINVAL ENOMEM ENOTCONN ENOTSOCK", "recvmmsg": "EAGAIN EBADF EINTR EINVAL ENOMEM ENOTCONN", "recvmsg": "EAGAIN EBADF EINTR EINVAL ENOMEM ENOTCONN", "getsockopt": "EBADF EINVAL ENOPROTOOPT ENOTSOCK",
    "setsockopt": "EBADF EINVAL ENOPROTOOPT ENOTSOCK", "getsockname": "EBADF EINVAL ENOBUFS ENOTSOCK", "socketpair": "EAFNOSUPPORT EMFILE ENFILE EOPNOTSUPP", "read": "EAGAIN EBADF EINTR EINVAL EIO EISDIR",
    "write": "EAGAIN EBADF EDQUOT EFBIG EINTR EINVAL EIO ENOSPC EPERM EPIPE", "openat": "EACCES EDQUOT EEXIST EINTR EINVAL EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOTDIR ENXIO EPERM EROFS",
    "close": "EBADF EINTR EIO", "pipe2": "EINVAL EMFILE ENFILE", "mknodat": "EACCES EDQUOT EEXIST ENOENT ENOSPC ENOTDIR EPERM EROFS", "mkdir": "EACCES EDQUOT EEXIST ENOENT ENOSPC EROFS", "mmap": "EACCES EAGAIN ENOMEM EPERM",
    "munmap": "EINVAL", "ftruncate": "EINTR EINVAL EFBIG EIO EPERM EROFS", "fallocate": "EBADF EFBIG EINTR EIO ENODEV ENOSPC EOPNOTSUPP EPERM", "shmget": "EACCES EEXIST EINVAL ENFILE ENOENT ENOMEM ENOSPC EPERM",
    "shmat": "EACCES EIDRM EINVAL ENOMEM", "shmctl": "EACCES EIDRM EINVAL EPERM", "shmdt": "EINVAL", "futex": "EAGAIN EINTR EINVAL ENOSYS ETIMEDOUT", "clone": "EAGAIN ENOMEM EPERM", "clone3": "EAGAIN ENOMEM EPERM",
    "vfork": "EAGAIN ENOMEM", "fork": "EAGAIN ENOMEM", "wait4": "ECHILD EINTR EINVAL", "waitid": "ECHILD EINTR EINVAL", "kill": "EPERM ESRCH", "poll": "EINTR EINVAL ENOMEM", "epoll_wait": "EBADF EINTR EINVAL",
    "epoll_create1": "EMFILE ENFILE ENOMEM", "epoll_ctl": "EBADF EEXIST ENOMEM ENOSPC", "pidfd_open": "EMFILE ENFILE ENODEV ENOMEM ESRCH ENOSYS", "sched_setaffinity": "EINVAL EPERM ESRCH", "sched_getaffinity": "EINVAL ESRCH",
    "prctl": "EINVAL EPERM", "unshare": "EINVAL ENOMEM ENOSPC EPERM EUSERS", "mount": "EACCES EBUSY ENODEV ENOENT EPERM", "setpgid": "EACCES EPERM ESRCH", "unlink": "EACCES EBUSY EIO ENOENT EPERM EROFS",
    "unlinkat": "EACCES EBUSY EIO ENOENT EPERM EROFS", "rmdir": "EACCES EBUSY ENOENT ENOTEMPTY EPERM", "chmod": "EACCES EIO ENOENT EPERM EROFS", "fchmod": "EBADF EIO EPERM EROFS", "fchmodat": "EACCES ENOENT EPERM EROFS",
    "clock_nanosleep": "EINTR EINVAL", "fcntl": "EACCES EAGAIN EBADF EINVAL EMFILE EPERM", "dup2": "EBADF EBUSY EINTR EMFILE", "memfd_create": "EINVAL EMFILE ENFILE ENOMEM", "ioctl": "EBADF EINVAL ENOTTY",
    "prlimit64": "EINVAL EPERM", "setitimer": "EINVAL", "timer_create": "EAGAIN EINVAL ENOMEM", "rt_sigaction": "EINVAL", "setresuid": "EAGAIN EPERM", "setgroups": "EPERM", "setresgid": "EPERM", "msync": "EBUSY EIO ENOMEM",
}
# Without one of these nothing can arrive.
DATA_PATH = {"tcp": {"socket", "bind", "listen", "accept4", "connect"}, "unix-stream": {"socket", "bind", "listen", "accept4", "connect"}, "unix-seqpacket": {"socket", "bind", "listen", "accept4", "connect", "sendto", "recvfrom"},
             "unix-dgram": {"socket", "bind", "connect", "sendto", "recvfrom"}, "udp": {"socket", "bind", "connect"}, "socketpair": {"socketpair"}, "fifo": {"mknodat"}, "anonymous-pipe": {"pipe2"}, "stdio": {"pipe2"},
             "posix-shm": {"mmap", "fallocate"}, "mapped-file": {"mmap", "fallocate"}, "sysv-shm": {"shmget", "shmat"}, "unix-http-bridge": {"socket", "bind", "listen", "connect"}}
# What only asks the caller to try again, or is no failure of a call that has done its work.
PASSING = {"EINTR", "EAGAIN", "EINPROGRESS", "EALREADY", "EISCONN"}
# Where a file system cannot allocate, the C library writes the zeros itself (posix_fallocate(3)).
STOOD_IN_FOR = {("fallocate", "EOPNOTSUPP")}


def can_happen(call, error, when):
    """Left out: a signal at every single call; a loader without memory; a parent that may not kill its own child; and
    futex(2), at whose errors the C library ends a program before its main()."""
    return call != "futex" and (when != "1+" or not (error == "EINTR" or call in ("mmap", "kill")))


def traced(mechanism, folder, *options):
    environment = {**os.environ, "TMPDIR": folder, "XDG_RUNTIME_DIR": folder}
    command = ["strace", "-f", "-qq", *options, BINARY, "probe", mechanism, "-o", "json", "--budget", "0.1"]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False, env=environment)


def calls_of(mechanism):
    with tempfile.TemporaryDirectory() as folder:
        record = os.path.join(folder, "record")
        traced(mechanism, folder, "-o", record)
        with open(record, encoding="utf-8", errors="replace") as file:
            return sorted(set(re.findall(r"^\d+ +(\w+)\(", file.read(), re.M)) & set(ERRORS))


def outcome(mechanism, call, error, when):
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = traced(mechanism, folder, "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
        except subprocess.TimeoutExpired:
            return "HANG"
        if done.returncode < 0 or done.returncode >= 128:
            return "SIGNAL"
        try:
            probe = json.loads(done.stdout)["probes"][0]
        except (ValueError, LookupError):
            # Where nothing can be written only the exit status is left to say it.
            return "message" if done.stderr.strip() or (call == "write" and done.returncode != 0) else "SILENCE"
        link = next((trial["verdict"] for trial in probe["trials"] if trial["id"] == "link"), "")
        cut = when == "1+" and call in DATA_PATH.get(mechanism, ()) and error not in PASSING and (call, error) not in STOOD_IN_FOR
        if cut and (probe["end"] == "measured" or link == "confirmed"):
            return "CONFIRMED"
        if probe["end"] != "measured" and not probe["because"]:
            return "NO REASON"
        return probe["end"]


def segments():
    with open("/proc/sysvipc/shm", encoding="ascii") as file:
        return file.read().count("\n")


def memory_objects():
    return set(glob.glob("/dev/shm/*ipc-advisor*"))


def main():
    mechanisms = sys.argv[2:] or sorted(DATA_PATH)
    before, objects, bad, stuck = segments(), memory_objects(), 0, 0
    for mechanism in mechanisms:
        calls = calls_of(mechanism)
        cases = [(call, error, when) for call in calls for error in ERRORS[call].split() for when in ("1+", "3") if can_happen(call, error, when)]
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            outcomes = list(pool.map(lambda case, mechanism=mechanism: outcome(mechanism, *case), cases))
        counts = collections.Counter(outcomes)
        # Where the call that removes fails whenever it is made, nobody can remove anything.
        stuck += sum(call in ("unlink", "shmctl") and when == "1+" for call, _, when in cases)
        print(f"{mechanism}: {len(calls)} calls, {len(cases)} faults: " + ", ".join(f"{count} {what}" for what, count in counts.most_common()), flush=True)
        for case, what in zip(cases, outcomes):
            if what.isupper():
                bad += 1
                print(f"  {what}: {case[0]} fails with {case[1]}, {'always' if case[2] == '1+' else 'the third time'}", flush=True)
    left, names = segments() - before, memory_objects() - objects
    print(f"left behind: {left} System V segments, {len(names)} memory objects; {stuck} times nothing could be removed")
    for name in names:
        os.unlink(name)
    sys.exit(1 if bad or left + len(names) > stuck else 0)


main()
