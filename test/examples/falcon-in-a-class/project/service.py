import falcon


class Service(falcon.App):
    def __init__(self):
        super().__init__()
        self.add_route("/", self)

    def on_get(self, request, response):
        response.text = "hello from falcon-in-a-class\n"


application = Service()
