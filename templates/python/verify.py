"""The user's application, for deploykit's own questions only. The serving instance never loads this.

As a module it is the application with one more path: `deploykit bench` starts a second instance of the same server with
it in place of the user's, so that the number of slots can be counted with requests of known length.

    verify.py MODULE:CALLABLE PATH HOST
                              GET PATH in this process, after the server answered it badly, and print the exceptions
                              that the application kept to itself: with DEBUG off, Django writes none to any log
"""
import importlib
import logging
import os
import signal
import sys
import time
import traceback
from wsgiref.util import setup_testing_defaults

PREFIX = "/.deploykit/sleep/"
LONGEST_MS = 5000
ASK_SECONDS = 20


def _load(app):
    module, _, name = app.partition(":")
    target = importlib.import_module(module)
    if name.endswith("()"):
        return getattr(target, name[:-2])()
    return getattr(target, name)


def application(environ, start_response):
    path = environ.get("PATH_INFO", "")
    if not path.startswith(PREFIX):
        return _application(environ, start_response)
    milliseconds = min(int(path[len(PREFIX):]), LONGEST_MS)
    time.sleep(milliseconds / 1000)
    body = b"slept\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def _ask(app, path, host):
    asked = _load(app)
    kept = []
    _listen(kept)
    path, _, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host, "HTTP_USER_AGENT": "deploykit-probe"}
    setup_testing_defaults(environ)
    environ["wsgi.errors"] = sys.stderr
    try:
        for _ in asked(environ, lambda status, headers, exc_info=None: None):
            pass
    except Exception:
        kept.append(traceback.format_exc())
    return list(dict.fromkeys(kept))


def _listen(kept):
    handle = logging.Logger.handle

    def keep(logger, record):
        if record.exc_info and record.exc_info[0]:
            kept.append("".join(traceback.format_exception(*record.exc_info)))
        handle(logger, record)

    logging.Logger.handle = keep
    if "django" in sys.modules:
        from django.core.signals import got_request_exception

        # Also where the project's LOGGING disables the logger.
        got_request_exception.connect(lambda **_: kept.append(traceback.format_exc()), weak=False)


if __name__ == "__main__":
    # What the application prints is not the answer; and it may never answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    signal.alarm(ASK_SECONDS)
    sys.path.insert(0, os.getcwd())
    found = _ask(*sys.argv[1:])
    os.write(answer, "\n".join(found).encode("utf-8", "replace"))
else:
    _application = _load(os.environ["DEPLOYKIT_APP"])
