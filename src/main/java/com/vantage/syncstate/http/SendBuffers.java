package com.vantage.syncstate.http;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The buffers from which connections send, each lent for as long as one of them has something to send: large ones, since an
 * answer that leaves in one piece costs least, and few, since most connections have nothing to send.
 */
final class SendBuffers {

    /** A list of 100 with its alerts takes 54 KB. */
    static final int LARGE = 64 * 1024;

    /** Where all large ones are lent, as to streams that are not read. */
    static final int SMALL = 8 * 1024;

    private final Semaphore unlent;
    private final Queue<ByteBuffer> spare = new ConcurrentLinkedQueue<>();

    /** @param number of large ones, which are made as they are needed, and kept */
    SendBuffers(int number) {
        unlent = new Semaphore(number);
    }

    /** An empty one. It is a view: whoever gave it back and still looks at it sees that nothing is left to send. */
    ByteBuffer take() {
        if (!unlent.tryAcquire()) {
            return ByteBuffer.allocate(SMALL);
        }
        ByteBuffer buffer = spare.poll();
        // Outside of the heap, from where the system can send it without another copy.
        return (buffer == null ? ByteBuffer.allocateDirect(LARGE) : buffer).duplicate();
    }

    /** Once, of each that was taken, when nobody writes to it or sends from it any more. */
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == LARGE) {
            spare.add(buffer.duplicate().clear());
            unlent.release();
        }
    }

    /** Instead, where somebody may still send from it, as at the end of a connection: it is not lent again. */
    void abandon(ByteBuffer buffer) {
        if (buffer.capacity() == LARGE) {
            unlent.release();
        }
    }
}
