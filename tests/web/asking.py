"""Asking a site without a server or a browser."""

from pathlib import Path

from starlette.testclient import TestClient

from roadlog.web.app import application

HOST = "127.0.0.1:8080"
ADDRESS = f"http://{HOST}"


def client(folder: Path, *, open_reading: bool = True) -> TestClient:
    """Of the site of a store. Use it in a `with`, so that it is closed."""
    made = application(folder, hosts=[HOST], open_reading=open_reading)
    return TestClient(made, base_url=ADDRESS, follow_redirects=False)
