package com.vantage.syncstate.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP server on 127.0.0.1 that records what is posted to it and answers as a test lets it. */
public final class Receiver implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** How a path answers from now on; 200 with {@code ok} unless set otherwise. */
    public void on(String path, Behaviour behaviour) {
        behaviours.put(path, behaviour);
    }

    /** Answers with that status and no more. */
    public void on(String path, int status) {
        on(path, exchange -> answer(exchange, status, "no"));
    }

    public void works(String path) {
        behaviours.remove(path);
    }

    public List<Received> at(String path) {
        return received.stream().filter(each -> each.path().equals(path)).toList();
    }

    public static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            String path = exchange.getRequestURI().getPath();
            received.add(new Received(
                    path, headers, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Behaviour behaviour = behaviours.get(path);
            if (behaviour == null) {
                answer(exchange, 200, "ok");
            } else {
                behaviour.answer(exchange);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** A request as it came. */
    public record Received(String path, Map<String, String> headers, String body) {

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** Of a webhook: the same at each attempt. */
        public String id() {
            return headers.get("webhook-id");
        }

        public String resource() {
            return json().at("/data/resource").asString("");
        }

        public String type() {
            return json().at("/type").asString("");
        }
    }
}
