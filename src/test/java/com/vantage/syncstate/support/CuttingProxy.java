package com.vantage.syncstate.support;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Stands before a service and decides of each request whether it, or its answer, arrives. One request a connection. */
public final class CuttingProxy implements AutoCloseable {

    /** What becomes of a request. */
    public enum Fate {
        DELIVERED,
        /** The connection breaks before the service hears of it. */
        CUT_BEFORE,
        /** The service does it; the connection breaks before the answer. */
        CUT_AFTER,
        /** The connection breaks, and the request, which was under way, arrives when its caller may have sent another. */
        DELAYED,
        /** Answered by 503, as by a service without its database. */
        UNAVAILABLE
    }

    private static final long DELAY_MS = 40;

    private final ServerSocket server;
    private final int target;
    private final Function<String, Fate> fates;
    private final ExecutorService connections = Executors.newCachedThreadPool();

    /**
     * Listens on a port of its own.
     *
     * @param target port of the service, on this machine
     * @param fates by the request's line and headers
     */
    public CuttingProxy(int target, Function<String, Fate> fates) {
        this.target = target;
        this.fates = fates;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.execute(this::accept);
    }

    public String base() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Takes no more requests, and returns when those under way have arrived. */
    @Override
    public void close() throws IOException {
        server.close();
        connections.shutdown();
        try {
            if (!connections.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Requests are still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.execute(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a caller that has gone: the loop finds out which.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            Request request = Request.read(client.getInputStream());
            switch (fates.apply(request.head())) {
                case DELIVERED -> deliver(request).writeTo(client.getOutputStream());
                case CUT_AFTER -> deliver(request);
                case DELAYED -> {
                    client.close();
                    TimeUnit.MILLISECONDS.sleep(DELAY_MS);
                    deliver(request);
                }
                case UNAVAILABLE ->
                    client.getOutputStream()
                            .write("HTTP/1.1 503 \r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
                case CUT_BEFORE -> {}
            }
        } catch (IOException e) {
            // Neither side owes the other an answer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends it and waits until all of the answer is there. */
    private ByteArrayOutputStream deliver(Request request) throws IOException {
        try (var service = new Socket(InetAddress.getLoopbackAddress(), target)) {
            service.getOutputStream().write(request.forwarded());
            var answer = new ByteArrayOutputStream();
            service.getInputStream().transferTo(answer);
            return answer;
        }
    }

    /** Both with a character for each byte. */
    private record Request(String head, String body) {

        static Request read(InputStream in) throws IOException {
            var head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException();
                }
                head.append((char) next);
            }
            int length = head.toString()
                    .lines()
                    .map(line -> line.toLowerCase(Locale.ROOT))
                    .filter(line -> line.startsWith("content-length:"))
                    .mapToInt(line -> Integer.parseInt(
                            line.substring(line.indexOf(':') + 1).strip()))
                    .findFirst()
                    .orElse(0);
            return new Request(head.toString(), new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
        }

        /** As it came, but for one request a connection. */
        byte[] forwarded() {
            String kept = head.lines()
                    .filter(line -> !line.isEmpty()
                            && !line.toLowerCase(Locale.ROOT).startsWith("connection:")
                            && !line.toLowerCase(Locale.ROOT).startsWith("upgrade:"))
                    .collect(Collectors.joining("\r\n"));
            return (kept + "\r\nConnection: close\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
        }
    }
}
