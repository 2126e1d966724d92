package com.vantage.syncstate.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ports of 127.0.0.1 for servers that bind them later, or again after a restart.
 *
 * <p>They lie below those that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere): one that
 * is found free there may be in use by a connection a moment later, and a server then cannot listen on it.
 */
public final class Ports {

    private static final int FIRST = 10_000;
    private static final int COUNT = 20_000;

    /** Tests run in several JVMs at once, whose numbers follow one another. */
    private static final int APART = 1009;

    private static long next = ProcessHandle.current().pid() * APART;

    private Ports() {}

    /** One that nobody listens on, and that this JVM is not given again. */
    public static synchronized int free() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + (int) (next++ % COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No port from " + FIRST + " to " + (FIRST + COUNT) + " is free");
    }

    public static List<Integer> free(int count) {
        return Stream.generate(Ports::free).limit(count).toList();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
