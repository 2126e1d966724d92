package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.HostileTest;
import com.vantage.syncstate.support.RawHttp;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;

/**
 * What fuzzers of APIs send, CATS above all: every operation of the OpenAPI document and of {@code /rest/v1}, one change of
 * a valid request at a time. None is an error of the service, each answer is one that the document names, a refusal has the
 * form of its API, changes no row and is logged in one line at most.
 *
 * <p>A request and the look at the tables after it take some milliseconds on a kept connection; all classes together send
 * about twenty thousand.
 */
abstract class FuzzTest extends HostileTest {

    /** Of what callers may change. Every change gives a row a later transaction, or takes it away. */
    private static final String CHANGES = """
            select concat_ws('/',
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_sync_state),
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_sync_history),
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_sync_skipped_day),
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_mute),
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_badge_secret),
              (select concat(count(*), ' ', max(xmin::text::bigint)) from public.vantage_ping_secret))
            """;

    private Connection connection;

    @BeforeEach
    void connect() {
        connection = database.superuser().connect();
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    /** One test for each operation, of states as they are from the start, and of one that runs. */
    final Stream<DynamicTest> each(Predicate<DocumentedOperation> wanted, Consumer<DocumentedOperation> test) {
        List<DocumentedOperation> documented =
                DocumentedOperation.of(anonymous.get("/v3/api-docs").json());
        assertThat(documented).hasSizeGreaterThan(30);
        return Stream.concat(documented.stream(), DocumentedOperation.ofPostgrest().stream())
                .filter(wanted)
                .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> {
                    freshStates();
                    service.post("/sync-states/accounts/start");
                    log.clear();
                    test.accept(operation);
                }));
    }

    final Answer handles(DocumentedOperation operation, String call, String body, String... headers) {
        return handles(operation, call, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** As a service, unless the headers have another key. */
    final Answer handles(DocumentedOperation operation, String call, byte[] body, String... headers) {
        String before = changes();
        Stream<String> key = Stream.of(headers).anyMatch(FuzzTest::isKey) ? Stream.of() : Stream.of(SERVICE);
        Answer answer = RawHttp.send(
                service.base(), call, Stream.concat(key, Stream.of(headers)).toList(), body);

        assertHandled(answer);
        assertThat(operation.documents(answer)).as("%s", answer).isTrue();
        if (answer.status() >= 400) {
            assertThat(changes()).as("%s", answer).isEqualTo(before);
        }
        log.clear();
        return answer;
    }

    private static boolean isKey(String header) {
        return header.startsWith("apikey") || header.startsWith("Authorization");
    }

    private String changes() {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(CHANGES)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
