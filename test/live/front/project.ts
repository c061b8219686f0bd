/**
 * A Django project that serves example.org alone, with paths before it that do what a front has to get along with. Its
 * project file says nothing of Django.
 */
export const STRICT_DJANGO = {
  'requirements.txt': 'django\n',
  'manage.py': `import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
`,
  'shop/__init__.py': '',
  'shop/settings.py': `SECRET_KEY = "not one"
DEBUG = False
ALLOWED_HOSTS = ["example.org"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
`,
  'shop/urls.py': `from django.http import HttpResponse, JsonResponse
from django.urls import path

def home(request):
    return HttpResponse(request.get_host() + "\\n")

def cookies(request):
    return JsonResponse({name: len(value) for name, value in request.COOKIES.items()})

def upload(request):
    file = request.FILES["file"]
    return JsonResponse({"size": sum(len(part) for part in file.chunks()), "at": file.temporary_file_path()})

urlpatterns = [path("", home), path("cookies", cookies), path("upload", upload)]
`,
  'shop/wsgi.py': `import ctypes
import json
import os
import time

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
SEEN = "/tmp/seen"

def stand_still(seconds):
    ctypes.CDLL(None).usleep(seconds * 1000000)
    return b"moved\\n"

def see(path, body):
    body.read()
    with open(SEEN, "a") as file:
        file.write(path + "\\n")
    return b"seen\\n"

def list_seen():
    with open(SEEN) as file:
        return file.read().encode()

def sleep(seconds):
    time.sleep(seconds)
    return b"slept\\n"

def answer(environ):
    path, number = environ["PATH_INFO"], environ["QUERY_STRING"]
    if path.startswith(("/seen/", "/hidden/")):
        return see(path, environ["wsgi.input"])
    if path == "/list":
        return list_seen()
    if path == "/environ":
        return json.dumps({key: value for key, value in environ.items() if isinstance(value, str)}).encode()
    if path == "/sleep":
        return sleep(float(number))
    if path == "/still":
        return stand_still(int(number))
    return b"light\\n" if path == "/light" else None

class Before:
    def __init__(self, django):
        self.django = django

    def __call__(self, environ, start_response):
        body = answer(environ)
        if body is None:
            return self.django(environ, start_response)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

application = Before(get_wsgi_application())
`,
  'deploykit.toml': `name = "live-front"
[server]
request_timeout = 5
hang_timeout = 11
max_requests = 3000
[front]
kind = "nginx"
body_limit = "280m"
`,
};
