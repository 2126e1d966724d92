package com.vantage.syncstate.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.error.RequestRejected.Details;
import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A refusal is cheap: nobody reads where in the code it arose. */
class RefusalTest {

    static Stream<Throwable> refusals() {
        return Stream.of(
                InvalidRequest.parameter("limit", "must be at least 1"),
                new RequestRejected(ProblemType.SYNC_STATE_NOT_FOUND, "There is none.", Details.of("accounts")),
                new RaisedError("PT409", "It is running", null, null, "sync-already-running").asException(),
                PostgrestError.path());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void hasNoStackTrace(Throwable refusal) {
        assertThat(refusal.getStackTrace()).isEmpty();
    }
}
