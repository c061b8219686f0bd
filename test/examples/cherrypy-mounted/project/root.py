import cherrypy


class Root:
    @cherrypy.expose
    def index(self):
        return "hello from cherrypy-mounted\n"


cherrypy.config.update({"environment": "embedded"})
application = cherrypy.tree.mount(Root(), "")
