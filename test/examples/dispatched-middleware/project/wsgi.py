from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from site_app import site

admin = Flask("admin")
application = DispatcherMiddleware(site, {"/admin": admin})
