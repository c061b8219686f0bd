import os

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["orders.example"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
ROOT_URLCONF = "orders.urls"
STATIC_URL = "/static/"
STATIC_ROOT = os.path.join(BASE_DIR, "static")
