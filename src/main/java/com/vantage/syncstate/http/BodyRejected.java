package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import java.io.IOException;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** A body that went past a limit while it was read. */
public final class BodyRejected extends IOException {

    private final ProblemType problem;
    private final String detail;

    private BodyRejected(ProblemType problem, String detail) {
        this.problem = problem;
        this.detail = detail;
    }

    static BodyRejected tooLarge(DataSize limit) {
        return new BodyRejected(
                ProblemType.PAYLOAD_TOO_LARGE,
                "The body exceeds the limit of " + limit.toBytes()
                        + " bytes. Send less, or raise vantage.http.max-body-size.");
    }

    /** Where no setting would help. */
    public static BodyRejected larger(DataSize limit) {
        return new BodyRejected(
                ProblemType.PAYLOAD_TOO_LARGE,
                "The body exceeds the limit of " + limit.toBytes() + " bytes, compressed or not. Send less.");
    }

    static BodyRejected tooLate(Duration limit) {
        return new BodyRejected(
                ProblemType.REQUEST_TIMEOUT,
                "The body did not arrive within " + limit.toMillis()
                        + " ms; nothing was done. Send it in one piece, or raise vantage.http.body-timeout.");
    }

    public ProblemType problem() {
        return problem;
    }

    /** What is wrong and what to do about it. */
    public String detail() {
        return detail;
    }
}
