package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many connections to one port of 127.0.0.1, in one thread, which all behave alike, each at moments of its own; one that is
 * closed may come again a second later.
 */
final class DrillConnections implements AutoCloseable {

    private static final int RECEIVE_BUFFER = 4 * 1024;
    private static final byte[] NEXT_BYTE = {'a'};
    private static final long BEFORE_IT_RETURNS = Duration.ofSeconds(1).toNanos();

    private final InetSocketAddress address;
    private final byte[] request;
    private final Behaviour behaviour;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private final Deque<Long> returning = new ArrayDeque<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final Thread thread;
    private volatile boolean ending;

    /** Begins to open so many, each of which sends a request, or the beginning of one. */
    DrillConnections(int port, int count, String request, Behaviour behaviour) throws IOException {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.request = request.getBytes(StandardCharsets.UTF_8);
        this.behaviour = behaviour;
        thread = new Thread(() -> serve(count), "connections");
        thread.setDaemon(true);
        thread.start();
    }

    /** On how many something was answered. */
    int answered() {
        return answered.get();
    }

    /** How many the server has ended in order. */
    int ended() {
        return ended.get();
    }

    /** How many have ended in any other way, those that it never took among them. */
    int broken() {
        return broken.get();
    }

    private void serve(int count) {
        try {
            for (int opened = 0; opened < count && !ending; opened++) {
                open();
                if (opened % 50 == 0) {
                    // As fast as the server takes them, not faster than its backlog.
                    turn(10);
                }
            }
            while (!ending) {
                turn(100);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open() throws IOException {
        var channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.socket().setReceiveBufferSize(RECEIVE_BUFFER);
        channel.register(selector, SelectionKey.OP_CONNECT, new Connection(behaviour.pause));
        channel.connect(address);
    }

    private void turn(long millis) throws IOException {
        selector.select(millis);
        for (SelectionKey key : selector.selectedKeys()) {
            try {
                handle(key);
            } catch (IOException e) {
                end(key, broken);
            }
        }
        selector.selectedKeys().clear();
        long now = System.nanoTime();
        if (behaviour.drips) {
            for (SelectionKey key : selector.keys()) {
                drip(key, now);
            }
        }
        while (!ending && !returning.isEmpty() && now - returning.getFirst() >= 0) {
            returning.removeFirst();
            open();
        }
    }

    private void handle(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            channel.write(ByteBuffer.wrap(request));
            key.interestOps(behaviour.reads ? SelectionKey.OP_READ : 0);
        } else if (key.isReadable()) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                end(key, ended);
            } else if (((Connection) key.attachment()).isFirst()) {
                answered.incrementAndGet();
            }
        }
    }

    private void drip(SelectionKey key, long now) {
        var connection = (Connection) key.attachment();
        if (key.isValid() && ((SocketChannel) key.channel()).isConnected() && now - connection.next >= 0) {
            connection.next = now + behaviour.pause.toNanos();
            try {
                ((SocketChannel) key.channel()).write(ByteBuffer.wrap(NEXT_BYTE));
            } catch (IOException e) {
                end(key, broken);
            }
        }
    }

    private void end(SelectionKey key, AtomicInteger how) {
        how.incrementAndGet();
        try {
            key.channel().close();
            if (behaviour.returns) {
                returning.add(System.nanoTime() + BEFORE_IT_RETURNS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        ending = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** What they do after the first bytes. */
    enum Behaviour {
        /** Read whatever comes. */
        READ(true, false, false),
        /** Read nothing, and come again when they are closed. */
        IGNORE(false, false, true),
        /** Wait, and come again when they are closed. */
        WAIT(true, false, true),
        /** Send a byte every two seconds, and come again when they are closed. */
        DRIP(true, true, true);

        private final boolean reads;
        private final boolean drips;
        private final boolean returns;
        private final Duration pause = Duration.ofSeconds(2);

        Behaviour(boolean reads, boolean drips, boolean returns) {
            this.reads = reads;
            this.drips = drips;
            this.returns = returns;
        }
    }

    /** Whether anything has come, and when its next byte goes. */
    private static final class Connection {

        private long next;
        private boolean answered;

        /** @param pause between its bytes, the first of which goes at any moment within one */
        Connection(Duration pause) {
            next = System.nanoTime() + ThreadLocalRandom.current().nextLong(pause.toNanos());
        }

        boolean isFirst() {
            boolean first = !answered;
            answered = true;
            return first;
        }
    }
}
