"""aioice's clients of TURN with this server: two that reach each other through it and nothing else.

Arguments: host, port, port of TLS, user name, password, and `udp`, `tcp` or `tls` for each of the two.
"""

import asyncio
import sys

import aioice


HOST, PORT, TLS_PORT, USERNAME, PASSWORD, FIRST, SECOND = sys.argv[1:]


def connection(controlling: bool, transport: str) -> aioice.Connection:
    return aioice.Connection(
        ice_controlling=controlling,
        turn_server=(HOST, int(TLS_PORT if transport == "tls" else PORT)),
        turn_username=USERNAME,
        turn_password=PASSWORD,
        turn_ssl=transport == "tls",
        turn_transport="udp" if transport == "udp" else "tcp",
        transport_policy=aioice.TransportPolicy.RELAY,
    )


async def main() -> None:
    one, two = connection(True, FIRST), connection(False, SECOND)
    await asyncio.gather(one.gather_candidates(), two.gather_candidates())
    for from_, to in ((one, two), (two, one)):
        assert from_.local_candidates, "no candidate"
        for candidate in from_.local_candidates:
            assert candidate.type == "relay", candidate
            await to.add_remote_candidate(candidate)
        await to.add_remote_candidate(None)
        to.remote_username, to.remote_password = from_.local_username, from_.local_password
    await asyncio.gather(one.connect(), two.connect())
    for from_, to in ((one, two), (two, one)):
        for length in (1, 2, 3, 4, 1200):
            data = bytes(range(256)) * 5
            await from_.send(data[:length])
            assert await to.recv() == data[:length]
    await asyncio.gather(one.close(), two.close())
    print("connected")


asyncio.run(main())
