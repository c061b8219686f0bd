from a2wsgi import ASGIMiddleware

from api import api

application = ASGIMiddleware(api)
