from flask import Flask


def create_app(config):
    app = Flask(__name__)
    app.config.from_mapping(config)

    @app.get("/")
    def hello():
        return "hello from factory-called-in-wsgi\n"

    return app
