from .core import Service

application = Service("hello from wsgi-object\n")
