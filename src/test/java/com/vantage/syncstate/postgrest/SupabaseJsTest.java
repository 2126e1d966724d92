package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The original's code, run by its own client against this service; what it does stands in supabase.test.js. */
@Tag("node")
class SupabaseJsTest extends ApiTest {

    @BeforeAll
    static void clients() {
        NodePackages.install();
    }

    /** @param client the newest, and one of the time when code for Supabase was written first */
    @ParameterizedTest
    @ValueSource(strings = {"@supabase/supabase-js", "supabase-js-of-2023"})
    void servesCodeThatWasWrittenForSupabase(String client) {
        NodePackages.Ended tests = NodePackages.run(
                List.of("node", "--test", "--test-reporter=spec", "supabase.test.js"),
                Map.of(
                        "SUPABASE_JS", client,
                        "SUPABASE_URL", service.base(),
                        "SUPABASE_SERVICE_ROLE_KEY", SERVICE_KEY,
                        "NEXT_PUBLIC_SUPABASE_ANON_KEY", READER_KEY),
                120);

        System.out.println(tests.output());
        assertThat(tests.code()).as(tests.output()).isZero();
        assertThat(tests.output()).contains("fail 0").contains("skipped 0");
    }
}
