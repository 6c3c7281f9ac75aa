"""L'archivio: un altro programma. Tiene il conto di chi gli ha aperto una connessione."""

import asyncio

aperte = 0


async def servi(lettore: asyncio.StreamReader, scrittore: asyncio.StreamWriter) -> None:
    global aperte
    aperte += 1
    while await lettore.readline():  # una riga è una domanda; una riga vuota di byte, la fine
        scrittore.write(f"{aperte}\n".encode())
    aperte -= 1
    scrittore.close()


async def apri() -> None:
    server = await asyncio.start_server(servi, "127.0.0.1", 0)
    indirizzo, porta = server.sockets[0].getsockname()
    print(f"{indirizzo}:{porta}", flush=True)
    await server.serve_forever()


asyncio.run(apri())
