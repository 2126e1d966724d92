package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;

/** The parameter {@code limit}: at most so many. */
public final class LimitParameter {

    private LimitParameter() {}

    /**
     * Reads it.
     *
     * @param max the largest that is accepted
     * @throws InvalidRequest if it is not a whole number from 1 to that
     */
    public static int of(String number, int max) {
        try {
            int limit = Integer.parseInt(number);
            if (limit >= 1 && limit <= max) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Rejected below, like a number that is out of range.
        }
        throw InvalidRequest.parameter("limit", "must be a whole number from 1 to " + max);
    }
}
