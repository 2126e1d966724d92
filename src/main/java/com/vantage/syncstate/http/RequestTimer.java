package com.vantage.syncstate.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Times requests as {@code http_server_requests_seconds}, with the names and values that the framework's own filter gives
 * them. That one makes an observation of each request and looks its timer up by five tags, which cost more than the whole
 * security chain; here a timer is looked up by what distinguishes it.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class RequestTimer extends HttpFilter {

    private final transient MeterRegistry meters;

    /** As many as there are addresses, methods and statuses of each: none of these is the caller's to choose. */
    private final transient ConcurrentHashMap<Kind, Timer> timers = new ConcurrentHashMap<>();

    RequestTimer(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long start = System.nanoTime();
        String exception = "none";
        int status = 0;
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            exception = nameOf(e instanceof ServletException && e.getCause() != null ? e.getCause() : e);
            // As the server answers it, once this has returned.
            status = HttpStatus.INTERNAL_SERVER_ERROR.value();
            throw e;
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtItsEnd(request, response, start));
            } else {
                record(request, status == 0 ? response.getStatus() : status, exception, start);
            }
        }
    }

    private void record(HttpServletRequest request, int status, String exception, long start) {
        var kind = new Kind(method(request), address(request, status), status, exception);
        Timer timer = timers.get(kind);
        if (timer == null) {
            timer = timers.computeIfAbsent(kind, this::timer);
        }
        timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Kind kind) {
        HttpStatus.Series series = HttpStatus.Series.resolve(kind.status());
        return Timer.builder("http.server.requests")
                .description("Requests by address, method and status")
                .tag("error", kind.exception())
                .tag("exception", kind.exception())
                .tag("method", kind.method())
                .tag(
                        "outcome",
                        series == null ? "UNKNOWN" : series == HttpStatus.Series.SUCCESSFUL ? "SUCCESS" : series.name())
                .tag("status", String.valueOf(kind.status()))
                .tag("uri", kind.address())
                .register(meters);
    }

    private static String method(HttpServletRequest request) {
        return ProblemWriter.METHODS.contains(request.getMethod()) ? request.getMethod() : "UNKNOWN";
    }

    /** The pattern of the handler, in which a name of a resource is none. */
    private static String address(HttpServletRequest request, int status) {
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String pattern) {
            return pattern.isEmpty() ? "root" : pattern;
        }
        if (status >= 300 && status < 400) {
            return "REDIRECTION";
        }
        return status == HttpStatus.NOT_FOUND.value() ? "NOT_FOUND" : "UNKNOWN";
    }

    private static String nameOf(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.isEmpty() ? failure.getClass().getName() : name;
    }

    private record Kind(String method, String address, int status, String exception) {}

    /** Of a request that is answered later: its time ends with its answer. */
    private final class AtItsEnd implements AsyncListener {

        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final long start;
        private String exception = "none";

        AtItsEnd(HttpServletRequest request, HttpServletResponse response, long start) {
            this.request = request;
            this.response = response;
            this.start = start;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            record(request, response.getStatus(), exception, start);
        }

        @Override
        public void onError(AsyncEvent event) {
            exception = event.getThrowable() == null ? exception : nameOf(event.getThrowable());
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // Its completion follows.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
