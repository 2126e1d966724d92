package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.docs.Markdown;
import com.vantage.syncstate.docs.Markdown.Block;
import com.vantage.syncstate.support.InstalledPostgres;
import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.OriginalTable;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documented commands bring back the same database, run by an owner who is no superuser. On the installed server
 * alone, as its pg_dump does not read newer ones.
 */
class DumpTest {

    private static final String SECTION =
            Markdown.section(Markdown.read(Markdown.DOCUMENTATION), "## Backup and restore");
    private static final List<String> COMMANDS = blocks("bash");

    private static final String ROWS = """
            select public.start_vantage_sync('accounts');
            select public.progress_vantage_sync('accounts', 5, 10);
            select public.complete_vantage_sync('accounts', 10, 4, 6);
            select public.start_vantage_sync('funds');
            select public.fail_vantage_sync('funds', '[{"code": "É", "message": "\\t''\\\\", "context": {"n": 1e300}}]');
            select public.start_vantage_sync('cashflows');
            select public.start_vantage_sync('cashflows', p_force => true);
            select public.progress_vantage_sync('cashflows', 1);
            insert into public.vantage_sync_state (resource, last_sync_status, last_sync_time, stuck_after)
            values ('written', 'success', '2025-11-05Z', interval '1 hour');
            update public.vantage_sync_setting set stuck_after = interval '7 minutes', retention_position = '2025-11-05Z';
            insert into public.vantage_sync_history_move (resource, through) values ('gone', now());
            select public.set_vantage_channels('[{"name": "ops", "kind": "slack", "is_grouped": true, "min_severity": "warning"}]');
            insert into public.vantage_sync_state (resource, expect)
            values ('planned', '{"cron": "0 5 * * MON-FRI", "time_zone": "Europe/Paris", "grace": "1h"}');
            select public.skip_vantage_sync_day('planned', current_date + 30, 'Holiday');
            select public.evaluate_vantage_alerts();
            select public.acknowledge_vantage_incident(incident_id, 'Ada', 'é') from public.vantage_incident where closed_at is null limit 1;
            insert into public.vantage_scheduled_task (task_name, task_instance, task_data, execution_time, picked, version)
            values ('task', 'instance', '\\x00ff', now(), false, 1);
            """;

    @TempDir
    private Path directory;

    @Test
    void bringsBackTheWholeDatabaseOnAnotherServer() {
        Address database = TestServer.INSTALLED.create();
        ServiceInstance.on(database).close();
        database.execute(ROWS);
        Address copy = TestServer.INSTALLED.createAlone();
        copy.execute(blocks("sql").get(0));

        run(database, COMMANDS.get(0));
        run(copy, COMMANDS.get(1));

        assertThat(schema(copy)).containsExactlyElementsOf(schema(database));
        assertThat(rows(copy)).isEqualTo(rows(database)).hasSizeGreaterThan(20);
        ExistingDatabaseTest.assertStarts(copy);
    }

    @Test
    void bringsBackTheDataInAMigratedDatabase() {
        Address database = TestServer.INSTALLED.create();
        Migrations.applyAll(database);
        database.execute(ROWS);
        Address copy = TestServer.INSTALLED.create();
        Migrations.applyAll(copy);

        run(database, COMMANDS.get(2));
        run(copy, COMMANDS.get(3));

        assertThat(rows(copy)).isEqualTo(rows(database)).hasSizeGreaterThan(10);
        assertThat(schema(copy)).containsExactlyElementsOf(schema(database));
        assertThat(copy.query("select nextval('public.vantage_sync_history_move_move_id_seq')"))
                .isEqualTo(database.query("select nextval('public.vantage_sync_history_move_move_id_seq')"));
    }

    @Test
    void findsNoTriggerThatBelongsToAConstraint() {
        Address database = Migrations.all();

        assertThat(database.query("select count(*) from pg_trigger where tgisinternal or tgconstraint <> 0"))
                .isEqualTo("0");
    }

    @Test
    void isTheSameOfAnOriginalTableBeforeItsMigrationAndAfterItsRollback() {
        Address database = TestServer.INSTALLED.create();
        OriginalTable.createInUse(database);
        List<String> schema = schema(database);
        List<String> rows = rows(database);

        Migrations.applyAll(database);
        Migrations.rollBackAll(database);

        assertThat(schema(database)).isEqualTo(schema);
        assertThat(rows(database)).isEqualTo(rows).hasSizeGreaterThan(10);
    }

    private void run(Address database, String commands) {
        InstalledPostgres.run(
                database, commands, Map.of("BACKUP", directory.resolve("backup").toString()));
    }

    private static List<String> schema(Address database) {
        return lines(InstalledPostgres.run(database, "pg_dump --schema-only", Map.of()));
    }

    /** Every row of every table and the position of every sequence, in no order. */
    private static List<String> rows(Address database) {
        return lines(InstalledPostgres.run(database, "pg_dump --data-only --inserts", Map.of())).stream()
                .sorted()
                .toList();
    }

    /** Without the random key that newer versions put in. */
    private static List<String> lines(String dump) {
        return dump.lines()
                .filter(line -> !line.matches("\\\\(un)?restrict .*"))
                .toList();
    }

    private static List<String> blocks(String language) {
        return Markdown.blocks(SECTION).stream()
                .filter(block -> block.language().equals(language))
                .map(Block::text)
                .toList();
    }
}
