"""The user's application with one more path, for the wave test only.

`deploykit bench` starts a second instance of the same server with this module in place of the user's, so that the
number of slots can be counted with requests of known length. The serving instance never loads it.
"""
import importlib
import os
import time

PREFIX = "/.deploykit/sleep/"
LONGEST_MS = 5000


def _load():
    module, _, name = os.environ["DEPLOYKIT_APP"].partition(":")
    target = importlib.import_module(module)
    if name.endswith("()"):
        return getattr(target, name[:-2])()
    return getattr(target, name)


_application = _load()


def application(environ, start_response):
    path = environ.get("PATH_INFO", "")
    if not path.startswith(PREFIX):
        return _application(environ, start_response)
    milliseconds = min(int(path[len(PREFIX):]), LONGEST_MS)
    time.sleep(milliseconds / 1000)
    body = b"slept\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
