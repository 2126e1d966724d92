package com.vantage.syncstate.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

/**
 * Fetches what an issuer of tokens publishes: briefly, once for all who wait, and seldom. Anyone can make up a token whose
 * key is not in the set that is known, and so have it fetched again.
 */
final class IssuerRequests implements ClientHttpRequestInterceptor {

    private static final Logger log = LoggerFactory.getLogger(IssuerRequests.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long MAX_AGE = Duration.ofSeconds(10).toNanos();
    private static final long MAX_AGE_OF_FAILURE = Duration.ofSeconds(1).toNanos();

    private final Map<URI, Answer> latest = new HashMap<>();

    /**
     * Makes requests that wait no longer than a second to connect, and no longer for each part of the answer, and that go
     * nowhere but where they are configured to.
     */
    RestTemplate template() {
        var requests = new SimpleClientHttpRequestFactory() {
            @Override
            protected void prepareConnection(HttpURLConnection connection, String method) throws IOException {
                super.prepareConnection(connection, method);
                connection.setInstanceFollowRedirects(false);
            }
        };
        requests.setConnectTimeout(TIMEOUT);
        requests.setReadTimeout(TIMEOUT);
        var template = new RestTemplate(requests);
        template.getInterceptors().add(this);
        return template;
    }

    @Override
    public synchronized ClientHttpResponse intercept(
            HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
        Answer known = latest.get(request.getURI());
        if (known == null || known.isOld()) {
            known = fetch(request, body, execution);
            latest.put(request.getURI(), known);
        }
        if (known.failure() != null) {
            throw new IOException(known.failure());
        }
        return known.response();
    }

    private static Answer fetch(HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
        try (ClientHttpResponse response = execution.execute(request, body)) {
            return new Answer(
                    System.nanoTime(),
                    response.getStatusCode(),
                    response.getHeaders(),
                    response.getBody().readAllBytes(),
                    null);
        } catch (IOException e) {
            log.warn(
                    "The identity provider at {} does not answer; tokens are answered 503: {}",
                    request.getURI(),
                    e.getMessage());
            return new Answer(
                    System.nanoTime(), HttpStatusCode.valueOf(503), HttpHeaders.EMPTY, new byte[0], e.getMessage());
        }
    }

    /**
     * What came back.
     *
     * @param at by {@link System#nanoTime}
     * @param failure why nothing did
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(
            long at,
            HttpStatusCode status,
            HttpHeaders headers,
            byte[] body,
            @Nullable String failure) {

        boolean isOld() {
            long age = System.nanoTime() - at;
            return age > (failure == null && status.is2xxSuccessful() ? MAX_AGE : MAX_AGE_OF_FAILURE);
        }

        ClientHttpResponse response() {
            return new ClientHttpResponse() {
                @Override
                public HttpStatusCode getStatusCode() {
                    return status;
                }

                @Override
                public String getStatusText() {
                    return "";
                }

                @Override
                public HttpHeaders getHeaders() {
                    return headers;
                }

                @Override
                public InputStream getBody() {
                    return new ByteArrayInputStream(body);
                }

                @Override
                public void close() {
                    // It is in memory.
                }
            };
        }
    }
}
