"""Il magazzino: un altro programma, con la sua porta. Certi prodotti li trova prima, altri dopo."""

import asyncio

SCORTE = {"caffè": 12, "tè": 7, "cornetti": 3}
RICERCA = {"caffè": 0.45, "tè": 0.15, "cornetti": 0.3}  # secondi


async def servi(lettore: asyncio.StreamReader, scrittore: asyncio.StreamWriter) -> None:
    prodotto = (await lettore.readline()).decode().strip()
    await asyncio.sleep(RICERCA.get(prodotto, 0))
    scrittore.write(f"{SCORTE.get(prodotto, 0)}\n".encode())
    scrittore.close()
    await scrittore.wait_closed()


async def apri() -> None:
    server = await asyncio.start_server(servi, "127.0.0.1", 0)
    indirizzo, porta = server.sockets[0].getsockname()
    print(f"{indirizzo}:{porta}", flush=True)
    await server.serve_forever()


asyncio.run(apri())
