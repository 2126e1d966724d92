package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestDatabase.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes connections on to a database, and puts one text for another, of equal length, in all that is sent to it. */
public final class RewritingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final Address database;
    private final String text;
    private final String replacement;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public RewritingProxy(Address database, String text, String replacement) {
        if (text.length() != replacement.length()) {
            throw new IllegalArgumentException("Messages keep their length");
        }
        this.database = database;
        this.text = text;
        this.replacement = replacement;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** The database, through it. */
    public Address address() {
        return new Address(
                new Server("127.0.0.1", server.getLocalPort(), database.server().password()),
                database.name(),
                database.username(),
                database.password());
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                var target =
                        new Socket(database.server().host(), database.server().port());
                threads.execute(() -> copy(client, target, true));
                threads.execute(() -> copy(target, client, false));
            } catch (IOException e) {
                // Closed, or a database that is away: the loop's condition knows.
            }
        }
    }

    /** The driver sends a message at a time, so that a text is in one piece. */
    private void copy(Socket from, Socket to, boolean replace) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                String sent = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                String passed = replace ? sent.replace(text, replacement) : sent;
                out.write(passed.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // One side has gone, and the other goes with it.
        }
    }
}
