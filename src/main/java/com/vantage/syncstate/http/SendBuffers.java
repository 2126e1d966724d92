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

    /** For connections that accept no more, such as streams that are not read, and where all large ones are lent. */
    static final int SMALL = 8 * 1024;

    private static final int SMALL_ONES_KEPT = 1024;

    private final Queue<ByteBuffer> large = new ConcurrentLinkedQueue<>();
    private final Semaphore largeLeft;
    private final Queue<ByteBuffer> small = new ConcurrentLinkedQueue<>();
    private final Semaphore smallToKeep = new Semaphore(SMALL_ONES_KEPT);

    /** @param number of large ones, which are made as they are needed, and kept */
    SendBuffers(int number) {
        largeLeft = new Semaphore(number);
    }

    /** An empty one. It is a view: whoever gave it back and still looks at it sees that nothing is left to send. */
    ByteBuffer take(boolean wantsLarge) {
        if (wantsLarge && largeLeft.tryAcquire()) {
            ByteBuffer kept = large.poll();
            // Outside of the heap, from where the system can send it without another copy.
            return (kept == null ? ByteBuffer.allocateDirect(LARGE) : kept).duplicate();
        }
        ByteBuffer kept = small.poll();
        if (kept == null) {
            return ByteBuffer.allocate(SMALL);
        }
        smallToKeep.release();
        return kept.duplicate();
    }

    /** Once, of each that was taken, when nobody writes to it or sends from it any more. */
    void giveBack(ByteBuffer buffer) {
        if (isLarge(buffer)) {
            large.add(buffer.duplicate().clear());
            largeLeft.release();
        } else if (smallToKeep.tryAcquire()) {
            small.add(buffer.duplicate().clear());
        }
    }

    /** Instead, where somebody may still send from it, as at the end of a connection: it is not lent again. */
    void abandon(ByteBuffer buffer) {
        if (isLarge(buffer)) {
            largeLeft.release();
        }
    }

    private static boolean isLarge(ByteBuffer buffer) {
        return buffer.capacity() == LARGE;
    }
}
