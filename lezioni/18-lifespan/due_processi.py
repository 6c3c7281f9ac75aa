"""Uvicorn con due processi: come scrivere «uvicorn app:app --workers 2»."""

import uvicorn

if __name__ == "__main__":
    uvicorn.run("app:app", port=0, workers=2)
