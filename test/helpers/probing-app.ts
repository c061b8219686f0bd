import { TUTORIAL } from './apps.js';

/** A Flask application that does what hardening can break, a path each; what it finds out is in the answer. */
export const PROBING = {
  // The list of another test on a VM, so that its wheels are there.
  'requirements.txt': TUTORIAL['requirements.txt'],
  'templates/page.html': '<p>{{ word }}</p>\n',
  'static/site.css': 'p { color: teal }\n',
  'probing.py': `import hashlib, json, os, socket, sqlite3, ssl, tempfile
from flask import Flask, render_template, request

app = Flask(__name__)
START = os.environ["STATE_DIRECTORY"]


@app.get("/")
def index():
    return render_template("page.html", word="rendered")


@app.post("/upload")
def upload():
    with tempfile.NamedTemporaryFile(dir="/tmp") as target:
        request.files["file"].save(target.name)
        return str(os.path.getsize(target.name))


@app.get("/tls")
def tls():
    context = ssl.create_default_context(cafile=request.args["ca"])
    with socket.create_connection(("localhost", 4433), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            return secure.version()


@app.get("/state")
def state():
    with sqlite3.connect(os.path.join(START, "data.sqlite3")) as data:
        data.execute("create table if not exists visits (at text)")
        data.execute("insert into visits values (datetime())")
        return str(data.execute("select count(*) from visits").fetchone()[0])


@app.get("/secret")
def secret():
    with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], "api"), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


@app.get("/self")
def self():
    denied = []
    for folder in ("/srv/shop", os.path.dirname(__file__), "/etc", "/root", "/var/lib"):
        try:
            open(os.path.join(folder, "x"), "w").close()
        except OSError:
            denied.append(folder)
    return {"uid": os.getuid(), "denied": denied, "environ": sorted(os.environ)}
`,
};

/** Python that asks each path once, on the host itself, and prints the answers as JSON. */
export const ASK = `
import json, urllib.request as u
base = "http://127.0.0.1:8000"
form = b'--x\\r\\nContent-Disposition: form-data; name="file"; filename="f"\\r\\n\\r\\n' + 300000 * b"a" + b"\\r\\n--x--\\r\\n"
asked = {
    "page": base + "/",
    "upload": u.Request(base + "/upload", form, {"Content-Type": "multipart/form-data; boundary=x"}),
    "tls": base + "/tls?ca=/etc/ssl/tried.pem",
    "state": base + "/state",
    "secret": base + "/secret",
    "self": base + "/self",
    "static": base + "/static/site.css",
}
answers = {}
for name, request in asked.items():
    try:
        with u.urlopen(request, timeout=60) as response:
            answers[name] = response.read().decode().strip()
            server = response.headers["Server"]
    except u.HTTPError as error:
        answers[name] = "%d %s" % (error.code, error.read().decode()[-300:])
print(json.dumps({**answers, "server": server}))`;

/** Starts a TLS server on port 4433 of the host, whose certificate is /etc/ssl/tried.pem. */
export const TLS_SERVER = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \\
  -addext subjectAltName=DNS:localhost -keyout /root/tried.key -out /etc/ssl/tried.pem 2>/dev/null && \\
systemd-run --quiet --unit=tried-tls openssl s_server -accept 127.0.0.1:4433 -cert /etc/ssl/tried.pem -key /root/tried.key -quiet -www`;
