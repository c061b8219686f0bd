import falcon

from .resources import Quote

app = falcon.App(media_type=falcon.MEDIA_TEXT)
app.add_route("/", Quote())
