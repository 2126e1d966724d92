package com.vantage.syncstate.http;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.tomcat.util.net.SocketBufferHandler;

/** What a connection has to send, in a buffer that it has for no longer than that; what is received, as the server has it. */
final class SendBuffer extends SocketBufferHandler {

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** As many as a few lists fill. A stream that is read too slowly has a large one as rarely as that. */
    private static final int SMALL_ONES_WHERE_SLOW = 64;

    private final SendBuffers buffers;
    private final AtomicReference<ByteBuffer> held = new AtomicReference<>(NONE);
    private volatile boolean filling = true;
    private volatile int smallOnes;

    SendBuffer(int received, SendBuffers buffers) {
        super(received, 0, false);
        this.buffers = buffers;
    }

    /** After each sending; once all is sent, another connection may have the buffer. */
    void sent(ByteBuffer from) {
        if (from.hasRemaining()) {
            smallOnes = SMALL_ONES_WHERE_SLOW;
        } else if (isThere(from) && held.compareAndSet(from, NONE)) {
            buffers.giveBack(from);
        }
    }

    @Override
    public void configureWriteBufferForWrite() {
        ByteBuffer buffer = getWriteBuffer();
        if (!isThere(buffer)) {
            int left = smallOnes;
            smallOnes = Math.max(0, left - 1);
            held.set(buffers.take(left == 0));
        } else if (!filling) {
            buffer.compact();
        }
        filling = true;
    }

    @Override
    public void configureWriteBufferForRead() {
        if (filling) {
            getWriteBuffer().flip();
            filling = false;
        }
    }

    @Override
    public ByteBuffer getWriteBuffer() {
        return requireNonNull(held.get());
    }

    @Override
    public boolean isWriteBufferEmpty() {
        ByteBuffer buffer = getWriteBuffer();
        return filling ? buffer.position() == 0 : !buffer.hasRemaining();
    }

    @Override
    public boolean isWriteBufferWritable() {
        ByteBuffer buffer = getWriteBuffer();
        return !isThere(buffer) || filling == buffer.hasRemaining();
    }

    /** At the end of a connection, whose last answer may be on its way. */
    @Override
    public void reset() {
        super.reset();
        ByteBuffer left = requireNonNull(held.getAndSet(NONE));
        filling = true;
        smallOnes = 0;
        if (isThere(left)) {
            buffers.abandon(left);
        }
    }

    private static boolean isThere(ByteBuffer buffer) {
        return buffer.capacity() > 0;
    }
}
