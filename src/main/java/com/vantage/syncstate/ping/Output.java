package com.vantage.syncstate.ping;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The last of what a job has printed. */
final class Output {

    static final int MAX_BYTES = 10_000;

    /** Colours, movements of the cursor, titles of the window. */
    private static final Pattern ESCAPE_SEQUENCES =
            Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|[ -/]*[0-~])");

    private Output() {}

    /** Reads a body to its end, and keeps its last bytes, so that no report is lost over its size. */
    static String lastOf(InputStream body) throws IOException {
        byte[] buffer = new byte[2 * MAX_BYTES];
        int length = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer, length, buffer.length - length)) {
            length += read;
            if (length > buffer.length - MAX_BYTES / 2) {
                System.arraycopy(buffer, length - MAX_BYTES, buffer, 0, MAX_BYTES);
                length = MAX_BYTES;
            }
        }
        int from = Math.max(0, length - MAX_BYTES);
        // Not from the middle of a character.
        while (from > 0 && from < length && (buffer[from] & 0xC0) == 0x80) {
            from++;
        }
        String text = new String(buffer, from, length - from, StandardCharsets.UTF_8);
        return ESCAPE_SEQUENCES.matcher(text).replaceAll("");
    }
}
