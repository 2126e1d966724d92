package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.DatabaseSnapshot;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.OriginalTable;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The rollbacks give an original table back, with all that people added to it. */
@ParameterizedClass
@EnumSource(TestServer.class)
class OriginalTableRollbackTest {

    @Parameter
    TestServer server;

    private Address database;
    private DatabaseSnapshot before;

    @BeforeEach
    void createTable() {
        database = server.create();
        OriginalTable.createInUse(database);
        before = DatabaseSnapshot.of(database);
    }

    @Test
    void givesItBackAsItWas() {
        ServiceInstance.on(database).close();

        rollBack();

        DatabaseSnapshot after = DatabaseSnapshot.of(database);
        assertThat(after.schema()).isEqualTo(before.schema());
        assertThat(after.rows()).isEqualTo(before.rows());
    }

    @Test
    void keepsWhatWasSyncedSince() {
        try (ServiceInstance service = ServiceInstance.on(database)) {
            assertThat(service.api()
                            .post("/sync-states/trades/complete", "{\"records_synced\": 7}")
                            .status())
                    .isEqualTo(200);
            assertThat(service.api().post("/sync-states/my_accounts/start").status())
                    .isEqualTo(200);
        }

        rollBack();

        DatabaseSnapshot after = DatabaseSnapshot.of(database);
        assertThat(after.schema()).isEqualTo(before.schema());
        assertThat(database.query("""
                        select concat_ws(' ', last_sync_status, records_synced, last_sync_time = completed_at, owner_team)
                        from public.vantage_sync_state
                        where resource = 'trades'
                        """)).isEqualTo("success 7 t data");
        assertThat(database.query("""
                        select concat_ws(' ', last_sync_status, records_synced, started_at > created_at, completed_at)
                        from public.vantage_sync_state
                        where resource = 'my_accounts'
                        """)).isEqualTo("running 1 t");
        assertThat(others(after)).isEqualTo(others(before));
    }

    private static String others(DatabaseSnapshot snapshot) {
        return snapshot.rows()
                .lines()
                .filter(line -> !line.contains("\"trades\"") && !line.matches(".*\"my.accounts\".*"))
                .toList()
                .toString();
    }

    private void rollBack() {
        Migrations.rollBackAll(database);
        database.execute("drop table public.flyway_schema_history");
    }
}
