"""What is put under the microscope on a loop: FastAPI, with a view that awaits and one for the thread pool."""

import asyncio
import sys

from fastapi import FastAPI

app = FastAPI()


async def pause(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


@app.get("/async")
async def slow() -> dict[str, float]:
    waited = await pause(0.2)
    both = await asyncio.gather(pause(0.05), pause(0.06))
    return {"waited": waited, "both": sum(both)}


def add(a: int, b: int) -> int:
    return a + b


@app.get("/sync")
def pooled(n: int = 2) -> dict[str, int]:
    total = add(n, 3)
    return {"total": total}


@app.get("/error")
async def error() -> None:
    raise LookupError("manca")


@app.get("/cancelled")
async def cancelled() -> str:
    try:
        await asyncio.wait_for(pause(5), 0.05)
    except TimeoutError:
        return "scaduto"
    return "no"


@app.get("/tracer")
def tracer() -> bool:
    """On the pool's thread, which served others before."""
    return sys.gettrace() is None
