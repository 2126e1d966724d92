package com.vantage.syncstate.http;

import com.vantage.syncstate.error.RequestRejected;

/** A body or an answer that the service has no room for now. It has no stack trace, see {@link RequestRejected}. */
public final class Overloaded extends RuntimeException {

    Overloaded(String message) {
        super(message, null, false, false);
    }
}
