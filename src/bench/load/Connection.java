import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A connection that is kept alive: just enough HTTP/1.1 for what the service answers, and next to no work. */
final class Connection implements AutoCloseable {

    private final int port;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    Connection(int port) throws IOException {
        this.port = port;
        open();
    }

    private void open() throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        out = socket.getOutputStream();
    }

    /** A request as bytes; the headers end with CR LF each, the body may be empty. */
    static byte[] request(String method, String path, String headers, String body) {
        String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + type + "Content-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and reads its answer to the end. */
    int status(byte[] request) throws IOException {
        if ("close".equals(headers.get("Connection"))) {
            socket.close();
            open();
        }
        out.write(request);
        String first = line();
        headers.clear();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(first.substring(9, 12));
        if (headers.containsKey("Transfer-Encoding")) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                in.skipNBytes(size);
                line();
            }
            line();
        } else if (status != 304) {
            in.skipNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
        }
        return status;
    }

    /** Of the last answer. */
    String header(String name) {
        return headers.get(name);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The service has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
