"""POST, on one kept connection."""

import http.client
import sys

from benchmarks import publishers, stamps

connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))


def publish(stamp: int) -> None:
    connection.request("POST", "/publish", stamps.envelope(stamp))
    connection.getresponse().read()


publishers.serve(publish)
