from setuptools import find_packages, setup

requires = ["flask>=3", "itsdangerous"]

setup(
    name="ledger",
    version="2.0",
    package_dir={"": "src"},
    packages=find_packages("src"),
    python_requires=">=3.10",
    install_requires=requires,
)
