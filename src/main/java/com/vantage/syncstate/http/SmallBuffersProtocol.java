package com.vantage.syncstate.http;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * HTTP as the server speaks it, with less memory for each connection: an answer is written whole, past the buffers in which
 * the server would collect it, and a stream would hold them for as long as it is open.
 *
 * <p>Public, since the server makes it by its name.
 */
public final class SmallBuffersProtocol extends Http11NioProtocol {

    private static final int BYTES = 2 * 1024;

    public SmallBuffersProtocol() {
        // What is read goes into larger buffers, where there are any, without this one.
        setProperty("socket.appReadBufSize", String.valueOf(BYTES));
    }

    /** Of an answer's bytes, and as many characters. */
    @Override
    public int getDesiredBufferSize() {
        return BYTES;
    }
}
