package com.vantage.syncstate.lineage;

import com.vantage.syncstate.error.InvalidRequest;
import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.http.BodyRejected;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/** Reads an event as it arrives, compressed or not; its facets, which may be large, are passed over. */
final class RunEventReader {

    static final DataSize MAX_SIZE = DataSize.ofMegabytes(10);

    /** In its default Jackson passes over what it does not know. */
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RunEventReader() {}

    /**
     * Reads one.
     *
     * @param encoding of the body; null for none
     * @throws BodyRejected if it is too large, compressed or not
     * @throws InvalidRequest if it is no JSON object
     */
    static RunEvent read(InputStream body, @Nullable String encoding) throws IOException {
        try (InputStream text = new LimitedStream(decoded(body, encoding))) {
            RunEvent event = JSON.readValue(text, RunEvent.class);
            if (event == null) {
                throw notReadable("it is null");
            }
            return event;
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw unreadable(cause);
            }
            // None where it is not a place that is wrong but a limit of the parser that is exceeded.
            TokenStreamLocation place = e.getLocation();
            throw notReadable(
                    place == null
                            ? "its JSON is nested too deeply, or a name or number in it is too long"
                            : "line " + place.getLineNr() + ", column " + place.getColumnNr()
                                    + " is no JSON or not of the type that the schema has");
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The failure itself, unless the body is to blame. */
    private static IOException unreadable(IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            throw new InvalidRequest(
                    "The body is not compressed as its header Content-Encoding says. Send gzip, or leave the header out.",
                    List.of());
        }
        return e;
    }

    private static InvalidRequest notReadable(String reason) {
        return new InvalidRequest(
                "The body is no event of OpenLineage: " + reason + ". Send one event a request, as a JSON object.",
                List.of());
    }

    private static InputStream decoded(InputStream body, @Nullable String encoding) throws IOException {
        return switch (encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> body;
            case "gzip", "x-gzip" -> new GZIPInputStream(body, 8 * 1024);
            default ->
                throw new RequestRejected(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "The only Content-Encoding of an event is gzip. Send that, or none.",
                        RequestRejected.Details.NONE);
        };
    }

    /** Ends in {@link BodyRejected} at the first byte past the limit. */
    private static final class LimitedStream extends FilterInputStream {

        private long read;

        LimitedStream(InputStream text) {
            super(text);
        }

        @Override
        public int read() throws IOException {
            var next = new byte[1];
            return read(next, 0, 1) < 0 ? -1 : next[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = super.read(buffer, offset, length);
            read += Math.max(got, 0);
            if (read > MAX_SIZE.toBytes()) {
                throw BodyRejected.larger(MAX_SIZE);
            }
            return got;
        }
    }
}
