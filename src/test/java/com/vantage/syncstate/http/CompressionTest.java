package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large lists are compressed for those who accept that, and say the same to everybody. */
class CompressionTest extends ApiTest {

    private static final String LIST = "/sync-states?sort=resource";

    @BeforeEach
    void registerMany() {
        database.execute(
                "insert into public.vantage_sync_state (resource) select 'many-' || i from generate_series(1, 100) as i");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate, GZIP ;q=0.5, br", "gzip;q=1.0", "br;q=1, gzip; q=0.001"})
    void compressesALargeList(String accepted) throws Exception {
        String plain = reader.get(LIST).body();

        HttpResponse<byte[]> compressed = get(LIST, "Accept-Encoding", accepted);

        assertThat(compressed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(compressed.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(compressed.headers().firstValueAsLong("Content-Length")).hasValue(compressed.body().length);
        assertThat(compressed.body()).hasSizeLessThan(plain.length() / 4);
        assertThat(decompressed(compressed.body())).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip;q=0", "gzip;q=0.000, *", "br", "x-gzip-not", ""})
    void sendsItAsItIsToOthers(String accepted) throws Exception {
        HttpResponse<byte[]> plain = get(LIST, "Accept-Encoding", accepted);

        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plain.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(new String(plain.body(), StandardCharsets.UTF_8))
                .isEqualTo(reader.get(LIST).body());
    }

    @Test
    void leavesASmallAnswerAsItIs() throws Exception {
        HttpResponse<byte[]> small = get("/sync-states?limit=2", "Accept-Encoding", "gzip");

        assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void isUnchangedByTheTagOfEither() throws Exception {
        String plain = reader.get(LIST).header("ETag").orElseThrow();
        String compressed = get(LIST, "Accept-Encoding", "gzip")
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        assertThat(compressed).isEqualTo("W/" + plain);
        assertThat(get(LIST, "Accept-Encoding", "gzip", "If-None-Match", compressed)
                        .statusCode())
                .isEqualTo(304);
        assertThat(get(LIST, "If-None-Match", compressed).statusCode()).isEqualTo(304);
        service.post("/sync-states/funds/start");
        assertThat(get(LIST, "Accept-Encoding", "gzip", "If-None-Match", compressed)
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(reader.base() + path))
                                .header("apikey", READER_KEY)
                                .headers(headers)
                                .build(),
                        BodyHandlers.ofByteArray());
    }

    private static String decompressed(byte[] bytes) throws IOException {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
