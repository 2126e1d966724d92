package com.vantage.syncstate.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * The ETag of an answer, from the versions of the states in it: (resource, updated_at) names one version of a row, so an
 * unchanged answer is known without being encoded.
 */
final class StateTag {

    private StateTag() {}

    static String of(List<SyncState> states) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer version = ByteBuffer.allocate(2 * (Long.BYTES + Integer.BYTES));
            for (SyncState state : states) {
                digest.update(state.resource().getBytes(StandardCharsets.UTF_8));
                version.clear();
                put(version, state.createdAt());
                put(version, state.updatedAt());
                digest.update(version.flip());
            }
            return '"' + HexFormat.of().formatHex(digest.digest(), 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static void put(ByteBuffer version, Instant time) {
        version.putLong(time.getEpochSecond()).putInt(time.getNano());
    }
}
