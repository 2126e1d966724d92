package com.vantage.syncstate.incident;

import com.vantage.syncstate.error.InvalidRequest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32;

/** Where a page of incidents ends: after this one. When one opened never changes, so pages neither skip nor repeat. */
record IncidentCursor(Instant openedAt, UUID incidentId) {

    private static final int CONTENT = 3 * Long.BYTES;

    static IncidentCursor after(Incident incident) {
        return new IncidentCursor(incident.openedAt(), incident.incidentId());
    }

    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT + Integer.BYTES)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, openedAt))
                .putLong(incidentId.getMostSignificantBits())
                .putLong(incidentId.getLeastSignificantBits());
        bytes.putInt(check(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws InvalidRequest if it is not one that an answer gave */
    static IncidentCursor read(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == CONTENT + Integer.BYTES) {
                ByteBuffer read = ByteBuffer.wrap(bytes);
                var openedAt = Instant.EPOCH.plus(read.getLong(), ChronoUnit.MICROS);
                var incidentId = new UUID(read.getLong(), read.getLong());
                if (read.getInt() == check(bytes)) {
                    return new IncidentCursor(openedAt, incidentId);
                }
            }
        } catch (IllegalArgumentException e) {
            // Rejected below, like every other text that is not a cursor.
        }
        throw InvalidRequest.parameter("cursor", "must be the value of 'next' from an answer");
    }

    private static int check(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes, 0, CONTENT);
        return (int) crc.getValue();
    }
}
