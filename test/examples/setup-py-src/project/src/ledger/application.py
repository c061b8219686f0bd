from flask import Flask

application = Flask(__name__)


@application.get("/")
def hello():
    return "hello from setup-py-src\n"
