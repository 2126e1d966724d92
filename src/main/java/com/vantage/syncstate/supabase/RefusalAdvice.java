package com.vantage.syncstate.supabase;

import com.vantage.syncstate.web.PayloadTooLarge;
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
@RestControllerAdvice(basePackageClasses = RefusalAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class RefusalAdvice {

    private static final Logger log = LoggerFactory.getLogger(RefusalAdvice.class);
    private static final Set<String> READS = Set.of("GET", "HEAD");

    @ExceptionHandler
    void refused(Refusal refusal, HttpServletResponse response) throws IOException {
        RefusalWriter.write(response, refusal);
    }

    @ExceptionHandler
    void refusedByDatabase(DataAccessException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Refusal refusal = DatabaseRefusals.of(failure, READS.contains(request.getMethod()));
        if (refusal.status() == 500) {
            log.error("A request failed", failure);
        } else if (refusal.status() > 500) {
            log.warn(
                    "The database failed a request: {}",
                    String.valueOf(failure.getMostSpecificCause().getMessage()));
        }
        RefusalWriter.write(response, refusal);
    }

    @ExceptionHandler
    void tooLarge(PayloadTooLarge tooLarge, HttpServletResponse response) throws IOException {
        RefusalWriter.write(response, new Refusal(413, "PGRST102", tooLarge.detail()));
    }

    /** Nobody is left to be answered. */
    @ExceptionHandler
    void gone(AsyncRequestNotUsableException e) {
        log.debug("The caller left: {}", e.getMessage());
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletResponse response) throws IOException {
        log.error("A request failed", e);
        RefusalWriter.write(
                response, new Refusal(500, "PGRSTX00", "This is a fault of the service; its log tells more"));
    }
}
