"""Uvicorn inside a Gunicorn worker: Uvicorn's rows tell the requests, and Gunicorn waits for the worker's heartbeat."""

from ..landmark import Landmark, Table
from ..vocabulary import LOOP

TABLE = Table(
    "uvicorn-worker",
    "worker",
    (Landmark("uvicorn_worker._workers:UvicornWorker._serve", ready="uvicorn", hold=LOOP, beats="self"),),
)
