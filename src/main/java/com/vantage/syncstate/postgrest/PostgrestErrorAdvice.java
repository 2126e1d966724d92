package com.vantage.syncstate.postgrest;

import com.vantage.syncstate.http.PayloadTooLarge;
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

/** Turns every exception of this front door into the error that PostgREST makes of it. */
@RestControllerAdvice(basePackageClasses = PostgrestErrorAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class PostgrestErrorAdvice {

    private static final Logger log = LoggerFactory.getLogger(PostgrestErrorAdvice.class);
    private static final Set<String> READS = Set.of("GET", "HEAD");

    @ExceptionHandler
    void refused(PostgrestError error, HttpServletResponse response) throws IOException {
        error.write(response);
    }

    @ExceptionHandler
    void refusedByDatabase(DataAccessException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        PostgrestError error = DatabaseErrors.of(failure, READS.contains(request.getMethod()));
        if (error.status() == 500) {
            log.error("A request failed", failure);
        } else if (error.status() > 500) {
            log.warn(
                    "The database failed a request: {}",
                    String.valueOf(failure.getMostSpecificCause().getMessage()));
        }
        error.write(response);
    }

    @ExceptionHandler
    void tooLarge(PayloadTooLarge tooLarge, HttpServletResponse response) throws IOException {
        PostgrestError.tooLarge(tooLarge.detail()).write(response);
    }

    /** Nobody is left to be answered. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        log.debug("The caller left: {}", e.getMessage());
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletResponse response) throws IOException {
        log.error("A request failed", e);
        PostgrestError.internal().write(response);
    }
}
