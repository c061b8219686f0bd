"""Ends a gevent worker whose hub stands still; uWSGI's master then starts another in its place.

Every worker loads this before the application (uwsgi.ini: import). A greenlet sets a timer forward each second; when the
hub has not run for hang-timeout seconds, the timer writes down where every thread stands and ends the process. It is a
thread without the interpreter (faulthandler.dump_traceback_later), and finds also what loops in C and holds the
interpreter's lock. The worker that follows says in the log what became of the one before it.

uWSGI's own set_user_harakiri is no such timer: the end of any request clears it (core/utils.c, uwsgi_close_request).

Beside the stats socket lie, for worker N, hub-N: its process and when its hub ran last, which probe.py reads; and
hung-N: the traceback of one that hung, until it is told.
"""
import faulthandler
import json
import os
import re
import sys
import time

import gevent
import uwsgi
from gevent.monkey import get_original

BEAT_SECONDS = 1
FRAME = re.compile(r'^  File "(.+)", line (\d+) in (.+)$')
LIBRARY = re.compile(r"/(site|dist)-packages/|/lib(64)?/python3\.\d+/|^<frozen ")
# What patched code calls a thread is a greenlet.
THREAD = get_original("_thread", "get_ident")()


def option(name):
    return uwsgi.opt[name].decode()


LIMIT = int(option("hang-timeout"))
WORKER = uwsgi.worker_id()
PID = os.getpid()
FOLDER = os.path.dirname(option("stats"))
BEAT = os.path.join(FOLDER, "hub-%d" % WORKER)
TRACE = os.path.join(FOLDER, "hung-%d" % WORKER)


def frames_of(trace, thread):
    """The stack of one thread as faulthandler writes it, innermost first: (file, line, function)."""
    found, inside = [], False
    for line in trace.splitlines():
        match = FRAME.match(line)
        if not match:
            inside = "hread 0x%016x" % thread in line
        elif inside:
            found.append(match.groups())
    return found


def place_of(frames):
    """The innermost line of the application's own, and the library's that it waits in."""
    if not frames:
        return "at a place that is not known"
    own = next((frame for frame in frames if not LIBRARY.search(frame[0])), frames[0])
    within = "" if own is frames[0] else " (within %s:%s in %s)" % frames[0]
    return "at %s:%s in %s" % own + within


def tell_of_predecessor():
    try:
        with open(TRACE) as file:
            trace = file.read()
        with open(BEAT) as file:
            before = json.load(file)
    except (OSError, ValueError):
        return
    if trace:
        place = place_of(frames_of(trace, before["thread"]))
        text = "ERROR: worker %d (pid %d) hung and was replaced: nothing else of it ran for %d s, %s\n%s\n"
        sys.stderr.write(text % (WORKER, before["pid"], LIMIT, place, trace.rstrip()))
        sys.stderr.flush()


def is_loaded():
    return any(worker["apps"] for worker in uwsgi.workers() if worker["id"] == WORKER)


def watch(trace, beat):
    # Loading may take as long as it takes.
    while not is_loaded():
        gevent.sleep(0.1)
    # A child that the application forks has this greenlet too, and is no worker.
    while os.getpid() == PID:
        faulthandler.dump_traceback_later(LIMIT, file=trace, exit=True)
        text = json.dumps({"pid": PID, "thread": THREAD, "ran": round(time.monotonic(), 1)})
        os.pwrite(beat, text.ljust(99).encode() + b"\n", 0)
        gevent.sleep(BEAT_SECONDS)


def start():
    tell_of_predecessor()
    trace = open(TRACE, "w")
    beat = os.open(BEAT, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    gevent.spawn(watch, trace, beat)


start()
