package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * How a part of the service that speaks another protocol writes errors that occur before it is reached, such as in the
 * firewall or a filter. It puts itself into the request, under {@link #ATTRIBUTE}; requests without one get problems.
 */
public interface ErrorFormat {

    /** Name of the request's attribute. */
    String ATTRIBUTE = ErrorFormat.class.getName();

    /** Whether a path leads to that part; used where the request was stopped before any filter. */
    boolean covers(String path);

    /** Whether that part reads the query string itself, so that none is rejected over its encoding. */
    default boolean readsOwnQuery() {
        return false;
    }

    /**
     * Answers a request in its place.
     *
     * @param type what a problem would be
     * @param detail what is wrong and what to do about it
     */
    void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException;
}
