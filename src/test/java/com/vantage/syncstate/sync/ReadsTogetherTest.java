package com.vantage.syncstate.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads of single states that go together in one statement: each answer is its caller's own, and as new as its request. */
class ReadsTogetherTest extends ApiTest {

    private static final int READERS = 16;
    private static final int ROUNDS = 10;

    @ParameterizedTest
    @ValueSource(strings = {"/sync-states/%s", "/rest/v1/vantage_sync_state?resource=eq.%s"})
    void showsEachReaderTheStateAsItWasWhenTheyAsked(String address) throws Exception {
        assertThat(together(reader -> {
                    String resource = "of-reader-" + reader;
                    List<String> wrong = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        service.post("/sync-states/" + resource + "/start");
                        service.post("/sync-states/" + resource + "/complete", "{\"records_synced\": " + round + "}");
                        Response read = service.get(address.formatted(resource));
                        if (!read.body().contains("\"resource\":\"" + resource + "\"")
                                || !read.body().contains("\"records_synced\":" + round + ",")) {
                            wrong.add(round + ": " + read);
                        }
                    }
                    return wrong;
                }))
                .isEmpty();
    }

    @Test
    void tellsEachReaderOfTheirOwnUnknownResource() throws Exception {
        assertThat(together(number -> {
                    List<String> wrong = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        Response unknown = reader.get("/sync-states/nobody-" + number);
                        Response known = reader.get("/sync-states/funds");
                        if (unknown.status() != 404
                                || !("nobody-" + number).equals(unknown.text("resource"))
                                || known.status() != 200) {
                            wrong.add(unknown + " " + known);
                        }
                    }
                    return wrong;
                }))
                .isEmpty();
    }

    /** However many come together, none gets less of a long report. */
    @Test
    void givesEachReaderTheWholeReport() throws Exception {
        String error = "{\"code\": \"LONG\", \"message\": \"%s\"}".formatted(noise(60_000));
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/fail", "{\"errors\": [" + error + "]}");

        assertThat(together(number -> {
                    List<String> wrong = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        Response one = reader.get("/sync-states/" + (number % 2 == 0 ? "accounts" : "funds"));
                        if (one.status() != 200 || (one.body().length() > 60_000) != (number % 2 == 0)) {
                            wrong.add(one.status() + " with " + one.body().length());
                        }
                    }
                    return wrong;
                }))
                .isEmpty();
    }

    @Test
    void sharesAListOfRowsWithNobodyWhoWantsAnother() throws Exception {
        assertThat(together(number -> {
                    List<String> wrong = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        Response rows = reader.get(
                                "/rest/v1/vantage_sync_state?select=resource&order=resource&limit=" + (1 + number % 3));
                        if (rows.json().size() != 1 + number % 3) {
                            wrong.add(rows.body());
                        }
                    }
                    return wrong;
                }))
                .isEmpty();
    }

    /** What that many readers, at one time, have to say against what they read. */
    private static List<String> together(Function<Integer, List<String>> reading) throws Exception {
        List<Callable<List<String>>> readers = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            int number = reader;
            readers.add(() -> reading.apply(number));
        }
        ExecutorService callers = Executors.newFixedThreadPool(READERS);
        try {
            List<String> wrong = new ArrayList<>();
            for (Future<List<String>> all : callers.invokeAll(readers)) {
                wrong.addAll(all.get());
            }
            return wrong;
        } finally {
            callers.shutdown();
        }
    }

    /** Text that does not become smaller where it is stored. */
    private static String noise(int length) {
        var text = new StringBuilder();
        var random = new Random(1);
        while (text.length() < length) {
            text.append(Integer.toString(random.nextInt(36), 36));
        }
        return text.toString();
    }
}
