"""A thousand callers wait at one port for a run that is completed at another address: seconds from that answer to theirs."""

import selectors
import socket
import statistics
import sys
import time
import urllib.request

completed_at, port, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
REQUEST = "GET /fresh?resources=%s&since=%s&wait=PT55S HTTP/1.1\r\nHost: localhost\r\napikey: %s\r\n\r\n"


def post(path):
    call = urllib.request.Request(completed_at + path, method="POST", headers={"apikey": "service"})
    with urllib.request.urlopen(call) as answer:
        answer.read()


def waiting():
    call = urllib.request.Request(f"http://127.0.0.1:{port}/actuator/prometheus", headers={"apikey": "reader"})
    with urllib.request.urlopen(call) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("vantage_fresh_waiting "):
                return float(line.rsplit(" ", 1)[1])
    raise SystemExit("The metric of those who wait is not there.")


for number in range(rounds):
    resource = f"waited-for-{number}"
    post(f"/sync-states/{resource}/start")
    since = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime())
    selector = selectors.DefaultSelector()
    for caller in range(1000):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall((REQUEST % (resource, since, "reader" if caller % 2 else "second")).encode())
        selector.register(connection, selectors.EVENT_READ)
    while waiting() < 1000:
        time.sleep(0.2)

    post(f"/sync-states/{resource}/complete")
    completed = time.monotonic()
    times = []
    while len(times) < 1000:
        for key, _ in selector.select(60) or sys.exit("Some were not answered."):
            head = key.fileobj.recv(65536)
            times.append(time.monotonic() - completed)
            if not head.startswith(b"HTTP/1.1 200 "):
                sys.exit(f"Answered otherwise: {head[:200]}")
            selector.unregister(key.fileobj)
            key.fileobj.close()
    print(f"{number + 1}: median {statistics.median(times):.3f} s, last {max(times):.3f} s")
