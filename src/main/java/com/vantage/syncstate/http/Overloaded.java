package com.vantage.syncstate.http;

/** A body or an answer that the service has no room for now. */
public final class Overloaded extends RuntimeException {

    Overloaded(String message) {
        super(message);
    }
}
