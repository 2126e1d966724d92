package com.vantage.syncstate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample of the documents, executed against the service; those of the README are for FirstUseTest. */
class SamplesTest extends ApiTest {

    @Test
    void ofTheQuickStartDoWhatTheySay() throws Exception {
        String document = Markdown.read(Markdown.QUICKSTART);
        // Those of these sections run in tests of their own: against injected failures, and as servers.
        String retries = Markdown.section(document, "## Retries and overlaps");
        String receivers = Markdown.section(document, "## Receive notifications");

        assertThat(samples().execute(document.replace(retries, "").replace(receivers, "")))
                .isGreaterThan(5);
    }

    static Stream<String> sectionsOfTheRunbook() {
        return Markdown.sections(Markdown.read(Markdown.RUNBOOK)).stream();
    }

    /** Each from a fresh start, as whoever is called by an alert reads one of them alone. */
    @ParameterizedTest
    @MethodSource("sectionsOfTheRunbook")
    void ofTheRunbookDoWhatTheySay(String section) throws Exception {
        assertThat(samples().execute(section)).as(section).isPositive();
    }

    private Samples samples() {
        return new Samples(
                Map.of(
                        "URL", service.base(),
                        "READER_KEY", READER_KEY,
                        "SERVICE_KEY", SERVICE_KEY,
                        "RESOURCE", "accounts",
                        "PGHOST", database.server().host(),
                        "PGPORT", String.valueOf(database.server().port()),
                        "PGDATABASE", database.name(),
                        "PGUSER", database.username(),
                        "PGPASSWORD", database.password(),
                        "PYTHONPATH", "src/test/python"),
                database::connect);
    }
}
