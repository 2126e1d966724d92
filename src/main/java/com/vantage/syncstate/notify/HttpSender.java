package com.vantage.syncstate.notify;

import com.vantage.syncstate.notify.AddressFilter.ForbiddenAddressException;
import com.vantage.syncstate.notify.Delivery.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Posts messages: to addresses that are allowed alone, without following redirects, and never for longer than 25 s. */
@Component
class HttpSender implements DisposableBean {

    static final int MAX_ANSWER = 4 * 1024;

    private static final Timeout CONNECT = Timeout.ofSeconds(5);
    private static final Timeout ANSWER = Timeout.ofSeconds(20);

    /** However slowly it drips. */
    private static final Duration MAX = Duration.ofSeconds(25);

    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

    private final Duration max;
    private final CloseableHttpClient toPublic = client(AddressFilter.of(false));
    private final CloseableHttpClient toPrivate = client(AddressFilter.of(true));
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "notification-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    HttpSender() {
        this(MAX);
    }

    HttpSender(Duration max) {
        this.max = max;
    }

    static CloseableHttpClient client(AddressFilter filter) {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(filter)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(ANSWER)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(CONNECT)
                        .setResponseTimeout(ANSWER)
                        .build())
                .setUserAgent("vantage-sync-state")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
    }

    Delivery send(Channel channel, Message message) {
        var post = new HttpPost(Objects.requireNonNull(channel.url()));
        message.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(message.body(), ContentType.APPLICATION_JSON));
        return execute(post, channel.kind(), channel.properties().allowPrivate());
    }

    /** Calls an address, as a webhook is called but with nothing to say. */
    Delivery get(URI url, boolean allowPrivate) {
        return execute(new HttpGet(url), ChannelKind.WEBHOOK, allowPrivate);
    }

    private Delivery execute(HttpUriRequestBase request, ChannelKind kind, boolean allowPrivate) {
        ScheduledFuture<?> deadline = deadlines.schedule(() -> request.cancel(), max.toMillis(), TimeUnit.MILLISECONDS);
        CloseableHttpClient client = allowPrivate ? toPrivate : toPublic;
        try (ClassicHttpResponse response = client.executeOpen(null, request, null)) {
            return delivery(kind, response.getCode(), start(response), retryAfter(response));
        } catch (IOException | RuntimeException e) {
            return Delivery.failed(
                    request.isCancelled() ? "The receiver did not answer within " + max.toSeconds() + " s" : reason(e));
        } finally {
            deadline.cancel(false);
        }
    }

    private static Delivery delivery(ChannelKind kind, int status, String answer, @Nullable Duration retryAfter) {
        boolean taken = status / 100 == 2;
        if (kind == ChannelKind.SLACK) {
            if (taken && !answer.strip().equals("ok") && !answer.contains("\"success\":true") && status != 204) {
                return new Delivery(
                        Outcome.RETRY, status, "The receiver answered " + status + " without ok", retryAfter);
            }
        }
        // Theirs are final; a webhook of somebody's own may be mended.
        if (kind != ChannelKind.WEBHOOK && (status == 400 || status == 413)) {
            return new Delivery(Outcome.DEAD, status, "The receiver does not take the message: " + status, null);
        }
        if (taken) {
            return new Delivery(Outcome.SENT, status, null, null);
        }
        if (status == 410) {
            return new Delivery(Outcome.GONE, status, "The receiver wants no more messages: 410", null);
        }
        return new Delivery(
                Outcome.RETRY,
                status,
                status / 100 == 3
                        ? "The receiver redirects, which is not followed: " + status
                        : "The receiver answered " + status,
                retryAfter);
    }

    /** No more than what is looked at; the rest is cut off with the connection. */
    private static String start(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return "";
        }
        InputStream content = entity.getContent();
        return content == null ? "" : new String(content.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
    }

    /** In seconds or as a date, an hour at most. */
    private static @Nullable Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        String value = header == null || header.getValue() == null
                ? ""
                : header.getValue().strip();
        Duration wait;
        if (value.matches("[0-9]{1,9}")) {
            wait = Duration.ofSeconds(Long.parseLong(value));
        } else {
            Instant time = value.isEmpty() ? null : DateUtils.parseStandardDate(value);
            if (time == null) {
                return null;
            }
            wait = Duration.between(Instant.now(), time);
        }
        if (wait.isNegative()) {
            return null;
        }
        return wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait;
    }

    /** In words of our own: those of the libraries have the address in them, which may be the secret. */
    private static String reason(Exception failure) {
        if (failure instanceof ForbiddenAddressException) {
            return "The receiver's address is not allowed; set allow-private for one in your own network";
        }
        if (failure instanceof UnknownHostException) {
            return "The receiver's name has no address";
        }
        if (failure instanceof ConnectException) {
            return "The receiver refuses connections";
        }
        if (failure instanceof SSLException) {
            return "The receiver's certificate or TLS does not hold";
        }
        if (failure instanceof InterruptedIOException) {
            return "The receiver did not answer in time";
        }
        return "The connection to the receiver failed";
    }

    @Override
    public void destroy() throws IOException {
        deadlines.shutdownNow();
        toPublic.close();
        toPrivate.close();
    }
}
