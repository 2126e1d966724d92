package com.vantage.syncstate.run;

import com.vantage.syncstate.error.InvalidRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Where a page of the history ends: after the run that began then, of that resource. A start is the place of a run in the
 * history and never changes, so pages neither skip nor repeat a run while new ones arrive.
 */
final class RunCursor {

    private static final int LENGTH = Long.BYTES + Integer.BYTES;

    private RunCursor() {}

    static String after(Run run) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, run.startedAt());
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putLong(micros).putInt(check(run.resource(), micros));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws InvalidRequest if it is not one that an answer for this resource gave */
    static Instant read(String resource, String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == LENGTH) {
                ByteBuffer read = ByteBuffer.wrap(bytes);
                long micros = read.getLong();
                if (read.getInt() == check(resource, micros)) {
                    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
                }
            }
        } catch (IllegalArgumentException e) {
            // Rejected below, like every other text that is not a cursor.
        }
        throw InvalidRequest.parameter("cursor", "must be the value of 'next' from an answer for the same resource");
    }

    private static int check(String resource, long micros) {
        var crc = new CRC32();
        crc.update((resource + ' ' + micros).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
