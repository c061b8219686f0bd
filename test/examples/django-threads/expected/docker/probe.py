"""Asks the uWSGI instance in this container about itself. Standard library only: a minimal image has no curl.

    probe.py health           exit 0 when a worker is there and has loaded the application
    probe.py stats            print the stats document
    probe.py get PATH HOST    GET PATH on the server's own port, print the status
"""
import http.client
import json
import os
import socket
import sys

STATS = os.environ.get("DEPLOYKIT_STATS", "/run/deploykit/stats.sock")
PORT = int(os.environ.get("DEPLOYKIT_PORT", "8000"))


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


def health():
    # The stats socket is served by the master: asking it takes no slot, so a server whose slots are all busy stays
    # healthy, and a benchmark sees only its own requests.
    workers = json.loads(read_stats())["workers"]
    ready = [w for w in workers if w["pid"] > 0 and w["status"] != "cheap" and w["apps"]]
    print("%d of %d workers ready" % (len(ready), len(workers)))
    return 0 if ready else 1


def get(path, host):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", path, headers={"Host": host, "User-Agent": "deploykit-probe"})
    response = connection.getresponse()
    body = response.read(2000)
    print(json.dumps({"status": response.status, "body": body.decode("utf-8", "replace")}))
    return 0 if response.status < 500 else 1


def main(arguments):
    if arguments == ["stats"]:
        sys.stdout.buffer.write(read_stats())
        return 0
    if arguments[:1] == ["get"] and len(arguments) == 3:
        return get(arguments[1], arguments[2])
    if arguments == ["health"]:
        return health()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, ValueError, http.client.HTTPException) as error:
        print("%s: %s" % (type(error).__name__, error), file=sys.stderr)
        sys.exit(1)
