from setuptools import setup

setup(
    name="notes",
    version="1.0",
    py_modules=["notes"],
    python_requires=">=3.9,<3.13",
    install_requires=["bottle>=0.13"],
)
