class Quote:
    def on_get(self, request, response):
        response.text = "hello from falcon-pylock\n"
