package com.vantage.syncstate.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection that is kept between requests, as long as the server keeps it. */
final class RawConnection implements Closeable {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final ThreadLocal<@Nullable RawConnection> KEPT = new ThreadLocal<>();

    private final URI server;
    private final Socket socket;
    private final InputStream in;

    private RawConnection(URI server) throws IOException {
        this.server = server;
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * Sends bytes and reads the answer to them.
     *
     * @param framed whether the answer ends as it says, so that the connection can be used again
     */
    static Received exchange(URI server, byte[] request, boolean framed) throws IOException {
        RawConnection kept = KEPT.get();
        KEPT.remove();
        if (kept != null && framed && kept.server.equals(server)) {
            try {
                return kept.exchange(request, true);
            } catch (IOException e) {
                // The server had closed it.
                kept.close();
            }
        } else if (kept != null) {
            kept.close();
        }
        return new RawConnection(server).exchange(request, framed);
    }

    private Received exchange(byte[] request, boolean framed) throws IOException {
        socket.getOutputStream().write(request);
        String head = line();
        while (head.startsWith("HTTP/1.1 100")) {
            line();
            head = line();
        }
        var headers = new StringBuilder(head);
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.append('\n').append(header);
        }
        String lower = headers.toString().toLowerCase(Locale.ROOT);
        boolean ends = !framed || lower.contains("\nconnection: close");
        String body = new String(body(lower, ends), StandardCharsets.UTF_8);
        if (ends) {
            close();
        } else {
            KEPT.set(this);
        }
        return new Received(headers.toString(), body);
    }

    private byte[] body(String headers, boolean ends) throws IOException {
        if (headers.contains("\ntransfer-encoding: chunked")) {
            var body = new ByteArrayOutputStream();
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.writeBytes(in.readNBytes(size));
                line();
            }
            line();
            return body.toByteArray();
        }
        int at = headers.indexOf("\ncontent-length: ");
        if (at >= 0) {
            int end = headers.indexOf('\n', at + 1);
            return in.readNBytes(Integer.parseInt(
                    headers.substring(at + "\ncontent-length: ".length(), end < 0 ? headers.length() : end)));
        }
        return ends ? in.readAllBytes() : new byte[0];
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The server closed the connection after '" + line + "'");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** An answer as it came: its head, a line each, and its body. */
    record Received(String head, String body) {}
}
