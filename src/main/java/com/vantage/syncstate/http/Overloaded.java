package com.vantage.syncstate.http;

/** An answer that the service does not hold now, for it holds as many as it can. */
public final class Overloaded extends RuntimeException {

    Overloaded(String message) {
        super(message);
    }
}
