package com.vantage.syncstate.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the service as one caller would. */
public record ApiClient(String base, List<String> headers, Duration patience) {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private static final JsonMapper JSON = new JsonMapper();

    public static ApiClient at(String base) {
        return new ApiClient(base, List.of(), Duration.ofSeconds(30));
    }

    public ApiClient with(String header, String value) {
        var all = new ArrayList<>(headers);
        all.add(header);
        all.add(value);
        return new ApiClient(base, all, patience);
    }

    /** Gives up after so long. */
    public ApiClient within(Duration limit) {
        return new ApiClient(base, headers, limit);
    }

    public ApiClient key(String key) {
        return with("apikey", key);
    }

    public Response get(String path) {
        return call("GET", path, BodyPublishers.noBody());
    }

    public Response put(String path) {
        return call("PUT", path, BodyPublishers.noBody());
    }

    public Response put(String path, String json) {
        return with("Content-Type", "application/json").call("PUT", path, BodyPublishers.ofString(json));
    }

    public Response delete(String path) {
        return call("DELETE", path, BodyPublishers.noBody());
    }

    public Response post(String path) {
        return call("POST", path, BodyPublishers.noBody());
    }

    public Response post(String path, String json) {
        return with("Content-Type", "application/json").call("POST", path, BodyPublishers.ofString(json));
    }

    /** Any other call. */
    public Response call(String method, String path, BodyPublisher body) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(patience)
                .method(method, body);
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        try {
            return new Response(CLIENT.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What came back. */
    public record Response(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        public JsonNode json() {
            return JSON.readTree(body());
        }

        /** A key's value as text; JSON null as null. */
        public @Nullable String text(String key) {
            JsonNode value = json().get(key);
            return value == null || value.isNull() ? null : value.asString();
        }

        /** The slug of a problem; null where the answer is none. */
        public @Nullable String problem() {
            return header("Content-Type").orElse("").startsWith("application/problem+json")
                    ? json().get("type").asString().replace("/problems/", "")
                    : null;
        }

        @Override
        public String toString() {
            return status() + " " + body();
        }
    }
}
