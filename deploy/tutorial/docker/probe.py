"""Asks the uWSGI instance in this container about itself. Standard library only: a minimal image has no curl.

    probe.py health           exit 0 when a worker is there, has loaded the application, and its hub runs
    probe.py stats            print the stats document
    probe.py sample SECONDS   print two of them, taken SECONDS apart
    probe.py get PATH HOST    GET PATH on the server's own port, print the status
    probe.py ready SECONDS SETTLE SLOTS PATH HOST UNIT
                              wait until every worker has loaded the application, GET PATH, and watch until SETTLE
                              seconds after the load that no worker ends; print what was seen; exit 0 when all
                              is well: an answer below 500, so many slots, and nothing ended;
                              UNIT - is this container, which takes the probe along when it ends
    probe.py drain SECONDS LOAD
                              wait until no slot has a request, at most SECONDS, then until no worker is loading the
                              application, at most LOAD; exit 0 when no slot had one, or that was not asked
"""
import json
import os
import socket
import sys
import time

STATS = os.environ.get("DEPLOYKIT_STATS", "/run/deploykit/stats.sock")
PORT = int(os.environ.get("DEPLOYKIT_PORT", "8000"))
SOCKET = os.environ.get("DEPLOYKIT_SOCKET")
# A hub that wrote no time for so long stands still; it writes one every second (watchdog.py).
STANDSTILL_SECONDS = 5
# Workers that were there before this moment (seconds since the epoch) do not count as ready: a reload replaces them.
SINCE = int(os.environ.get("DEPLOYKIT_SINCE", "0"))
AGAIN_SECONDS = 5
# Of an answer's body, in an error.
SHOWN_BYTES = 2000


def read_stats():
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(4)
        client.connect(STATS)
        chunks = []
        while True:
            chunk = client.recv(65536)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)


def stats():
    """The stats document, and of each worker whether it hangs."""
    document = json.loads(read_stats())
    for worker in document["workers"]:
        worker["hung"] = stands_still(worker)
    return document


def sample(seconds):
    documents, began = [stats()], time.monotonic()
    time.sleep(seconds)
    documents.append(stats())
    print(json.dumps({"seconds": time.monotonic() - began, "stats": documents}))
    return 0


def health():
    # The stats socket is served by the master: asking it takes no slot, so a server whose slots are all busy stays
    # healthy, and a benchmark sees only its own requests.
    workers = stats()["workers"]
    ready = [w for w in workers if w["pid"] > 0 and w["status"] != "cheap" and w["apps"]]
    hung = [w for w in ready if w["hung"]]
    print("%d of %d workers ready, %d of these hung" % (len(ready), len(workers), len(hung)))
    return 0 if len(hung) < len(ready) else 1


def stands_still(worker):
    # Without a file of this process its hub is not watched, or has not run yet.
    try:
        with open(os.path.join(os.path.dirname(STATS), "hub-%d" % worker["id"])) as file:
            hub = json.load(file)
    except (OSError, ValueError):
        return False
    return hub["pid"] == worker["pid"] and time.monotonic() - hub["ran"] > STANDSTILL_SECONDS


def fetch(path, host):
    # By hand: to import http.client takes longer than all the rest of a health check.
    request = "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: deploykit-probe\r\nConnection: close\r\n\r\n" % (path, host)
    with socket.socket(socket.AF_UNIX if SOCKET else socket.AF_INET) as client:
        client.settimeout(60)
        client.connect(SOCKET or ("127.0.0.1", PORT))
        client.sendall(request.encode())
        answer = chunk = client.recv(65536)
        while chunk and not whole(answer):
            chunk = client.recv(65536)
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if not (head.startswith(b"HTTP/") and len(words) > 1 and words[1].isdigit()):
        raise ValueError("not an answer in HTTP: %r" % answer[:80])
    return {"status": int(words[1]), "body": body[:SHOWN_BYTES].decode("utf-8", "replace")}


def whole(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(end) and len(body) >= min([SHOWN_BYTES] + [int(length) for length in lengths])


def get(path, host):
    answer = fetch(path, host)
    print(json.dumps(answer))
    return 0 if answer["status"] < 500 else 1


def workers_or_none():
    try:
        return json.loads(read_stats())["workers"]
    except (OSError, ValueError):
        return []


def is_active(unit):
    return unit == "-" or os.spawnlp(os.P_WAIT, "systemctl", "systemctl", "is-active", "--quiet", unit) == 0


def chain_again():
    fifo = os.open(os.path.join(os.path.dirname(STATS), "master.fifo"), os.O_WRONLY | os.O_NONBLOCK)
    os.write(fifo, b"c")
    os.close(fifo)


def ready(seconds, settle, slots, path, host, unit):
    deadline = time.monotonic() + seconds
    # The master drops a reload while it recycles workers: those it had replaced before are older than what was asked.
    again = time.monotonic() + AGAIN_SECONDS
    while True:
        workers = workers_or_none()
        if workers and all(w["pid"] > 0 and w["apps"] and w["last_spawn"] >= SINCE for w in workers):
            break
        if SINCE and workers and time.monotonic() > again:
            again += AGAIN_SECONDS
            chain_again()
        # Stats come from the master: who answers is alive, and systemd need not be asked, which costs more.
        if not workers and not is_active(unit):
            print(json.dumps({"failure": "ended"}))
            return 1
        if time.monotonic() > deadline:
            print(json.dumps({"failure": "late"}))
            return 1
        time.sleep(0.1)
    loaded_at = time.monotonic()
    try:
        answer = fetch(path, host)
    except (OSError, ValueError) as error:
        answer = {"failure": "%s: %s" % (type(error).__name__, error)}
    answer["workers"] = len(workers)
    answer["slots"] = sum(len(w["cores"]) for w in workers)
    spawns = [(w["id"], w["respawn_count"]) for w in workers]
    # Counted from there: an application that takes long to answer has been watched meanwhile.
    watching = settle > 0
    while watching and "failure" not in answer and answer["status"] < 500:
        time.sleep(max(0, min(0.2, loaded_at + settle - time.monotonic())))
        watching = time.monotonic() < loaded_at + settle
        # No answer at all tells nothing: a busy machine is slow.
        now = [(w["id"], w["respawn_count"]) for w in workers_or_none()]
        if (now and now != spawns) or (not now and not is_active(unit)):
            answer = {"failure": "crashed"}
    print(json.dumps(answer))
    well = "failure" not in answer and answer["status"] < 500 and answer["slots"] == slots
    return 0 if well else 1


def busy_slots():
    return sum(core["in_request"] for w in workers_or_none() for core in w.get("cores", []))


def loads():
    # uWSGI sets the handlers of a worker after it has loaded the application: until then it ignores what would end it
    # (2.0.31: SigIgn of such a worker has SIGHUP, SIGINT and SIGTERM).
    return any(not w["apps"] for w in workers_or_none() if w["pid"] > 0)


def drain(seconds, load):
    deadline = time.monotonic() + seconds
    idle = 0
    # Twice in a row: a request may lie between the queue and a slot.
    while idle < 2 and time.monotonic() < deadline:
        idle = 0 if busy_slots() else idle + 1
        time.sleep(0.1)
    deadline = time.monotonic() + load
    while time.monotonic() < deadline and loads():
        time.sleep(0.1)
    return 0 if idle == 2 or seconds == 0 else 1


def main(arguments):
    if arguments == ["stats"]:
        print(json.dumps(stats()))
        return 0
    if arguments[:1] == ["sample"] and len(arguments) == 2:
        return sample(float(arguments[1]))
    if arguments[:1] == ["get"] and len(arguments) == 3:
        return get(arguments[1], arguments[2])
    if arguments == ["health"]:
        return health()
    if arguments[:1] == ["ready"] and len(arguments) == 7:
        return ready(float(arguments[1]), float(arguments[2]), int(arguments[3]), *arguments[4:])
    if arguments[:1] == ["drain"] and len(arguments) == 3:
        return drain(float(arguments[1]), float(arguments[2]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError) as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        sys.exit(1)
