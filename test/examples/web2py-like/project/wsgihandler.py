import os
import sys

path = os.path.dirname(os.path.abspath(__file__))
sys.path = [path] + [entry for entry in sys.path if entry != path]

import engine.main

if os.environ.get("LOGGING"):
    application = engine.main.appfactory(wsgiapp=engine.main.wsgibase)
else:
    application = engine.main.wsgibase
