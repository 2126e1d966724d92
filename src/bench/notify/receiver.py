"""Answers ok to all that is posted, and prints for each alarm named in it when that came, and by which path."""

import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        came = time.time()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        for name in sorted(set(re.findall(r"alarm-\d+-\d+", body))):
            print(f"{came:.3f} {self.path[1:]} {name}", flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
