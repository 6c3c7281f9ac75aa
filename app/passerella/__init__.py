"""Passerella: see how a web server and a Python application talk. The package root imports nothing."""
