"""Has the workers replaced, one after another, once one of them has served [server] max_requests: a mule of the server.

With uWSGI's own max-requests each worker leaves for itself. Workers that share a load reach the number together, and
while all of them load the application nobody answers. In a chain reload the next one leaves when the last has come back.
"""
import os
import time

import uwsgi

MOST = int(uwsgi.opt["recycle-after"])
FIFO = uwsgi.opt["master-fifo"]
# As uWSGI's min-worker-lifetime: a number that is reached at once would replace workers for ever.
LEAST_SECONDS = 10
# The master drops what it is told while a chain runs; whoever is due after it is asked for again.
AGAIN_SECONDS = 5


def is_due(worker, now):
    return worker["delta_requests"] >= MOST and now - worker["last_spawn"] >= LEAST_SECONDS


def start_chain():
    fifo = os.open(FIFO, os.O_WRONLY | os.O_NONBLOCK)
    try:
        os.write(fifo, b"c")
    finally:
        os.close(fifo)


def watch():
    asked = 0
    while True:
        time.sleep(1)
        now = time.time()
        if now - asked >= AGAIN_SECONDS and any(is_due(worker, now) for worker in uwsgi.workers()):
            asked = now
            start_chain()


watch()
