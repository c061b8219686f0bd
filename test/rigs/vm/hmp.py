"""hmp.py SOCKET COMMAND: gives a line to qemu's monitor and prints what it answers."""

import json
import socket
import sys

path, line = sys.argv[1:]
with socket.socket(socket.AF_UNIX) as monitor:
    monitor.settimeout(120)
    monitor.connect(path)
    stream = monitor.makefile("rw")

    def ask(command, **arguments):
        stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        stream.flush()
        for answer in map(json.loads, stream):
            if "error" in answer:
                sys.exit(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]
        sys.exit("qemu ended")

    stream.readline()  # its greeting
    ask("qmp_capabilities")
    print(ask("human-monitor-command", **{"command-line": line}), end="")
