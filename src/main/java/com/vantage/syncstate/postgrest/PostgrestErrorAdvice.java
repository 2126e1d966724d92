package com.vantage.syncstate.postgrest;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.http.BodyRejected;
import com.vantage.syncstate.http.Overloaded;
import com.vantage.syncstate.postgrest.error.DatabaseErrors;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns every exception of this API into the error that PostgREST makes of it. */
@RestControllerAdvice(basePackageClasses = PostgrestErrorAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class PostgrestErrorAdvice {

    private static final Logger log = LoggerFactory.getLogger(PostgrestErrorAdvice.class);
    private static final Set<String> READS = Set.of("GET", "HEAD");

    @ExceptionHandler
    void rejected(PostgrestError error, HttpServletResponse response) throws IOException {
        error.write(response);
    }

    @ExceptionHandler
    void rejectedByDatabase(DataAccessException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (failure instanceof RequestRejected rejected && rejected.problem() == ProblemType.OVERLOADED) {
            new PostgrestError(503, "PGRSTX02", String.valueOf(rejected.getMessage())).write(response);
            return;
        }
        PostgrestError error = DatabaseErrors.of(failure, READS.contains(request.getMethod()));
        if (error.status() == 500) {
            log.error("Request failed", failure);
        } else if (error.status() > 500) {
            log.warn(
                    "Database unavailable or too slow: {}",
                    String.valueOf(failure.getMostSpecificCause().getMessage()));
        }
        error.write(response);
    }

    @ExceptionHandler
    void rejectedBody(BodyRejected rejected, HttpServletResponse response) throws IOException {
        new PostgrestError(rejected.problem().status(), "PGRST102", rejected.detail()).write(response);
    }

    /** The body ended early, or its chunks are none. */
    @ExceptionHandler
    void unreadable(IOException failure, HttpServletResponse response) throws IOException {
        PostgrestError.body("The body cannot be read").write(response);
    }

    @ExceptionHandler
    void overloaded(Overloaded e, HttpServletResponse response) throws IOException {
        new PostgrestError(503, "PGRSTX02", String.valueOf(e.getMessage())).write(response);
    }

    /** There is nobody left to answer. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        log.debug("Client disconnected: {}", e.getMessage());
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletResponse response) throws IOException {
        log.error("Request failed", e);
        PostgrestError.internal().write(response);
    }
}
