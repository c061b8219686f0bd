from pyramid.config import Configurator


def main(global_config=None, **settings):
    config = Configurator(settings=settings)
    config.include(".routes")
    config.scan(".views")
    return config.make_wsgi_app()
