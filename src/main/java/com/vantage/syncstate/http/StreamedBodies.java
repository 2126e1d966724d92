package com.vantage.syncstate.http;

/**
 * Bodies of which the part of the service that takes them keeps little, so that they may have any size and are handed on as
 * they arrive; all others are read whole first, within {@code vantage.http.max-body-size}.
 *
 * @param path with which their addresses begin
 */
public record StreamedBodies(String path) {

    boolean covers(String address) {
        return address.startsWith(path);
    }
}
