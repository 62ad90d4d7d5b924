"""A settings module that prints what its program can see of how it was started: the first lines of ours that `scrapy` runs."""

import os
import resource
import signal
import sys
import threading

PROGRAM = sys.modules["__main__"].__spec__

if PROGRAM and PROGRAM.name == "scrapy.__main__":  # not where tests are collected
    seen = {
        "modules": sorted(sys.modules),
        "program": sys.modules["__main__"].__spec__.name,
        "arguments": sys.argv,
        "path": sys.path,
        "flags": str(sys.flags),
        "warnings": sys.warnoptions,
        "folder": os.getcwd(),  # noqa: PTH109
        "variables": dict(os.environ),
        "umask": os.umask(0o22),
        "group": (os.getpgid(0), os.getsid(0)),
        "threads": threading.active_count(),
        "limits": [resource.getrlimit(limit) for limit in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE)],
        "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
        "masked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 -- it opens one itself
        "streams": [
            (
                type(stream.buffer).__name__,
                stream.encoding,
                stream.errors,
                stream.isatty(),
                stream.line_buffering,
                stream.write_through,
            )
            for stream in (sys.stdin, sys.stdout, sys.stderr)
        ],
        "text": sys.stdin.read(),
    }
    sys.stdout.write(repr(seen) + "\n")
