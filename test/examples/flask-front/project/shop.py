from flask import Flask, request

app = Flask(__name__, static_folder=None)


@app.route("/")
def index():
    return {"scheme": request.scheme, "client": request.remote_addr}
