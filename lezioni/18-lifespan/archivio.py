"""L'archivio: un altro programma, con la sua porta. Tiene il conto delle connessioni aperte."""

import asyncio

aperte: set[asyncio.StreamWriter] = set()


async def servi(lettore: asyncio.StreamReader, scrittore: asyncio.StreamWriter) -> None:
    aperte.add(scrittore)
    while await lettore.readline():  # finché qualcuno domanda
        scrittore.write(f"{len(aperte)}\n".encode())
    aperte.discard(scrittore)
    scrittore.close()


async def apri() -> None:
    server = await asyncio.start_server(servi, "127.0.0.1", 0)
    indirizzo, porta = server.sockets[0].getsockname()
    print(f"{indirizzo}:{porta}", flush=True)
    await server.serve_forever()


asyncio.run(apri())
