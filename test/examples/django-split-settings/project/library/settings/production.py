from .base import *

DEBUG = False
ALLOWED_HOSTS = [".library.example", "10.0.0.7"]
