package com.vantage.syncstate.http;

import com.vantage.syncstate.error.InvalidRequest;

/** The parameter {@code limit}: at most so many. */
public final class LimitParameter {

    private LimitParameter() {}

    /**
     * Reads it.
     *
     * @param most the largest that is taken
     * @throws InvalidRequest if it is no whole number from 1 to that
     */
    public static int of(String number, int most) {
        try {
            int limit = Integer.parseInt(number);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number that is out of range is.
        }
        throw InvalidRequest.parameter("limit", "takes a whole number from 1 to " + most);
    }
}
