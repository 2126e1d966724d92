package com.vantage.syncstate.http;

/** How large an answer may be: a 64th of the heap, so that all connections of the pools can bring one at a time. */
public final class AnswerSize {

    private static final long MEBIBYTE = 1L << 20;

    /** From 2 to 8 MiB: one state or run with the largest report that is taken always fits. */
    public static final int MAX_BYTES = (int)
            Math.min(8 * MEBIBYTE, Math.max(2 * MEBIBYTE, Runtime.getRuntime().maxMemory() / 64));

    private AnswerSize() {}
}
