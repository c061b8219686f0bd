def wsgibase(environ, responder):
    responder("200 OK", [("Content-Type", "text/plain")])
    return [b"hello from web2py-like\n"]


def appfactory(wsgiapp=wsgibase):
    def logged(environ, responder):
        print(environ["PATH_INFO"])
        return wsgiapp(environ, responder)

    return logged
