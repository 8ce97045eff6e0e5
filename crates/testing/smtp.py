# An SMTP server for tests: says its port on the first line, then each letter as one line of JSON, as read by Python's
# own mail library.
import asyncio
import email
import email.policy
import json
from email.header import decode_header, make_header

from aiosmtpd.smtp import SMTP


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        raw = email.message_from_bytes(envelope.content, policy=email.policy.compat32)
        part = lambda kind: (p := letter.get_body((kind,))) and p.get_content()
        print(json.dumps({
            "to": envelope.rcpt_tos,
            # the structured reader of Python 3.11 keeps the space between two encoded words (RFC 2047 6.2 drops it)
            "from": str(make_header(decode_header(raw["From"]))),
            "subject": str(letter["Subject"]),
            "headers": {k: str(v) for k, v in letter.items()},
            "plain": part("plain"),
            "html": part("html"),
            "defects": [repr(d) for d in letter.defects],
        }), flush=True)
        return "250 taken"


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keeper(), hostname="127.0.0.1", loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
