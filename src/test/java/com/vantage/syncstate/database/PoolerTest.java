package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.PgBouncer;
import com.vantage.syncstate.support.RewritingProxy;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service behind poolers in session mode, with one login that owns the schema. */
@Tag("pgbouncer")
@ParameterizedClass
@EnumSource(PoolerTest.Pooler.class)
class PoolerTest {

    /** What becomes of start-up options. */
    enum Pooler {
        REFUSES_OPTIONS,
        DROPS_OPTIONS,
        PASSES_OPTIONS
    }

    private static final String READER = "reader-key";

    private static Address database;
    private static AutoCloseable pooler;
    private static ServiceInstance service;

    @Parameter
    Pooler kind;

    @BeforeParameterizedClassInvocation
    static void start(Pooler kind) throws IOException {
        database = TestDatabase.create();
        Address address = switch (kind) {
            case REFUSES_OPTIONS -> bouncer("pool_mode = session");
            case DROPS_OPTIONS -> bouncer("pool_mode = session", "ignore_startup_parameters = options");
            case PASSES_OPTIONS -> relay();
        };
        service = ServiceInstance.on(address, "--vantage.keys.reader=" + READER);
    }

    private static Address bouncer(String... settings) throws IOException {
        PgBouncer bouncer = PgBouncer.before(database, settings);
        pooler = bouncer;
        return bouncer.address();
    }

    private static Address relay() {
        var relay = new RewritingProxy(database, "", "");
        pooler = relay;
        return relay.address();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        service.close();
        pooler.close();
    }

    @Test
    void servesReadersAndWriters() {
        Response started = service.api().post("/sync-states/accounts/start");

        assertThat(started.status()).isEqualTo(200);
        assertThat(service.api().post("/sync-states/accounts/complete", "{}").status())
                .isEqualTo(200);
        assertThat(reader().get("/sync-states/accounts").text("last_sync_status"))
                .isEqualTo("success");
        assertThat(service.api().get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    void refusesWhatAReaderWrites() {
        String states = "/rest/v1/vantage_sync_state?resource=eq.funds";

        assertThat(reader().post("/sync-states/funds/start").status()).isEqualTo(403);
        assertThat(reader().with("Content-Type", "application/json")
                        .call("PATCH", states, BodyPublishers.ofString("{\"records_synced\":7}"))
                        .status())
                .isEqualTo(403);
        assertThat(reader().delete(states).status()).isEqualTo(403);
        assertThat(reader().post("/rest/v1/rpc/start_vantage_sync", "{\"p_resource\":\"funds\"}")
                        .status())
                .isEqualTo(403);
        assertThat(database.query("select last_sync_status from vantage_sync_state where resource = 'funds'"))
                .isEqualTo("never_run");
    }

    @Test
    void readsInARoleThatCannotWrite() {
        JdbcClient reading = jdbc("readerJdbc");

        assertThat(text(reading, "select current_user")).isEqualTo("authenticated");
        assertThat(text(reading, "show transaction_read_only")).isEqualTo("on");
        assertThatThrownBy(() -> reading.sql("insert into public.vantage_sync_state (resource) values ('made')")
                        .update())
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> text(reading, "select public.start_vantage_sync('funds')"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void writesAsTheServiceRole() {
        JdbcClient serving = jdbc("serviceJdbc");

        assertThat(text(serving, "select current_user")).isEqualTo("service_role");
        assertThat(text(serving, "show transaction_read_only")).isEqualTo("off");
    }

    @Test
    void limitsTheTimeOfEveryStatement() {
        for (String pool : new String[] {"readerJdbc", "serviceJdbc"}) {
            JdbcClient jdbc = jdbc(pool);

            assertThat(text(jdbc, "show statement_timeout")).isEqualTo("2200ms");
            assertThat(text(jdbc, "show lock_timeout")).isEqualTo("2s");
            assertThat(text(jdbc, "show timezone")).isEqualTo("UTC");
        }
    }

    @Test
    void compilesNoStatement() {
        for (String pool : new String[] {"readerJdbc", "serviceJdbc"}) {
            assertThat(text(jdbc(pool), "show jit")).isEqualTo("off");
        }
    }

    private static JdbcClient jdbc(String name) {
        return service.context().getBean(name, JdbcClient.class);
    }

    private static String text(JdbcClient jdbc, String sql) {
        return String.valueOf(jdbc.sql(sql).query().singleValue());
    }

    private static ApiClient reader() {
        return ApiClient.at(service.api().base()).key(READER);
    }
}
