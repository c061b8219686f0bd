import bottle
from bottle import route


@route("/")
def hello():
    return "hello from bottle-default-app\n"


application = bottle.default_app()
