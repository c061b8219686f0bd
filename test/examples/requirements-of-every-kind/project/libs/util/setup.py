from setuptools import setup

setup(name="util", py_modules=["util"])
