"""Il magazzino: un altro programma, con la sua porta. Ci pensa un po', poi risponde."""

import asyncio

SCORTE = {"caffè": 12, "tè": 7, "cornetti": 3}
ATTESA = 0.5  # secondi


async def servi(lettore: asyncio.StreamReader, scrittore: asyncio.StreamWriter) -> None:
    prodotto = (await lettore.readline()).decode().strip()
    await asyncio.sleep(ATTESA)
    scrittore.write(f"{SCORTE.get(prodotto, 0)}\n".encode())
    scrittore.close()
    await scrittore.wait_closed()


async def apri() -> None:
    server = await asyncio.start_server(servi, "127.0.0.1", 0)
    indirizzo, porta = server.sockets[0].getsockname()
    print(f"{indirizzo}:{porta}", flush=True)
    await server.serve_forever()


asyncio.run(apri())
