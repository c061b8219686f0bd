from flask import Flask

site = Flask("site")
