package com.vantage.syncstate.http;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Bodies that are handled as they arrive, by a part of the service that keeps little of each; all others are read whole first,
 * within {@code vantage.http.max-body-size}.
 *
 * @param path with which the addresses begin that take them
 * @param limit the largest; null for none
 * @param kept how much of one is held at a time
 */
public record StreamedBodies(String path, @Nullable DataSize limit, DataSize kept) {

    boolean covers(String address) {
        return address.startsWith(path);
    }

    /** Why one of a length is rejected; null where it is not. */
    @Nullable
    BodyRejected reject(long length) {
        return limit != null && length > limit.toBytes() ? BodyRejected.larger(limit) : null;
    }
}
