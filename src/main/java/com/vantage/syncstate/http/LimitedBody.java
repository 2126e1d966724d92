package com.vantage.syncstate.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/** A body within limits, which takes a share of the room that there is for all. */
abstract class LimitedBody extends ServletInputStream {

    /** Gives back what it takes, once the request has been answered. */
    abstract void giveBack();

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("A body is read by the thread of its request");
    }
}
