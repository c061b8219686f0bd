from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = "not-secret-in-an-example"
ROOT_URLCONF = "library.urls"
WSGI_APPLICATION = "library.wsgi.application"
ALLOWED_HOSTS = []
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
