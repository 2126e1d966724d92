package com.vantage.syncstate.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.consistency.History.Attempt;
import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.CallResult;
import com.vantage.syncstate.consistency.History.Operation;
import com.vantage.syncstate.consistency.HistoryChecker.Fault;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.CuttingProxy;
import com.vantage.syncstate.support.CuttingProxy.Fate;
import com.vantage.syncstate.support.ServiceInstance;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.test.context.TestPropertySource;

/**
 * Many clients on few resources who lose answers, repeat calls, fall asleep, wake as zombies and take each other over.
 * The seed is printed and can be given as {@code vantage.test.seed}: it decides what each client does, though not in
 * which order the clients get their turns. All calls of one of two instances go by batches, some of the other's.
 */
@TestPropertySource(properties = {"vantage.alerts.stuck-after=PT0.03S", "vantage.batch.above=0"})
class RandomizedHistoryTest extends ApiTest {

    private static final Duration STUCK_AFTER = Duration.ofMillis(30);
    private static final List<String> RESOURCES = List.of("accounts", "funds", "cashflows");
    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final int CLIENTS = 12;
    private static final int ATTEMPTS = 10_000;
    private static final Pattern FATE = Pattern.compile("(?i)^x-fate: (\\w+)\\s*$", Pattern.MULTILINE);

    private static final LoggingSystem LOGGING = LoggingSystem.get(RandomizedHistoryTest.class.getClassLoader());

    private final long seed = Long.getLong("vantage.test.seed", System.nanoTime());

    /** Without a line for each of the many calls; a property would outlast this class, for all tests that follow. */
    @BeforeAll
    static void logOnlyWarnings() {
        LOGGING.setLogLevel("com.vantage", LogLevel.WARN);
    }

    @AfterAll
    static void logAsBefore() {
        LOGGING.setLogLevel("com.vantage", LogLevel.INFO);
    }

    @Test
    void everyAcknowledgedCallTakesEffectOnceAndNoRunDisturbsAnother() throws Exception {
        // The functions pass the trigger of direct writes by, and have to keep its rules. An event writes as its
        // caller,
        // who may not call what the constraint does.
        String rules = "public.refuse_invalid_vantage_sync_state(public.vantage_sync_state)";
        database.execute("grant execute on function " + rules + " to service_role");
        database.execute("alter table public.vantage_sync_state add constraint rules"
                + " check (public.refuse_invalid_vantage_sync_state(vantage_sync_state) is not null)");
        History history;
        try (var other = ServiceInstance.on(
                database,
                "--vantage.alerts.stuck-after=PT0.03S",
                "--vantage.batch.above=2",
                "--logging.level.com.vantage=warn")) {
            history = play(ATTEMPTS, seed, service, other.api());
        } finally {
            database.execute("alter table public.vantage_sync_state drop constraint rules");
            database.execute("revoke execute on function " + rules + " from service_role");
        }

        assertThat(HistoryChecker.check(history)).as("Seed %d", seed).isEmpty();
        assertThat(history.attempts()).hasSizeGreaterThanOrEqualTo(ATTEMPTS);
        assertThat(history.attempts().stream()
                        .map(Attempt::answer)
                        .filter(Objects::nonNull)
                        .map(CallResult::problem)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()))
                .contains("sync-already-running", "run-already-finished", "run-superseded");
        assertThat(history.runs().stream().map(History.RecordedRun::status).collect(Collectors.toSet()))
                .contains("success", "failed", "abandoned");
        assertThat(history.attempts()).anyMatch(attempt -> attempt.answer() == null);
    }

    /**
     * The check is worth what it catches: a service that is wrong in one place is found out by the same play. One of them
     * may miss it, for which calls overlap is a matter of chance; ten do not.
     */
    @ParameterizedTest
    @EnumSource
    void aFaultInTheDatabaseIsFoundOut(Planted planted) throws Exception {
        String original = definition(planted.function);
        assertThat(original).contains(planted.right);
        database.execute(original.replace(planted.right, planted.wrong));
        try {
            Set<Fault> found = EnumSet.noneOf(Fault.class);
            for (int play = 0; play < 10 && !found.contains(planted.fault); play++) {
                freshStates();
                HistoryChecker.check(play(ATTEMPTS / 12, seed + play, service))
                        .forEach(violation -> found.add(violation.fault()));
            }

            assertThat(found).contains(planted.fault);
        } finally {
            database.execute(original);
        }
    }

    /** A line of a function, and what somebody might have written instead. */
    enum Planted {
        A_ZOMBIES_COMPLETE_IS_ACCEPTED(
                "complete_vantage_sync", "and s.run_id = coalesce(p_run_id, s.run_id)", "", Fault.ZOMBIE_ACCEPTED),
        A_ZOMBIES_PROGRESS_IS_ACCEPTED(
                "progress_vantage_sync", "and s.run_id = coalesce(p_run_id, s.run_id)", "", Fault.ZOMBIE_ACCEPTED),
        A_REPEATED_ENDING_IS_WRITTEN_AGAIN(
                "repeat_or_refuse_vantage_sync", "if v_run.status = p_status then", """
                if v_run.status = p_status then
                  update public.vantage_sync_state s set errors = s.errors where s.resource = p_resource
                  returning s.* into v_state;
                """, Fault.APPLIED_TWICE),
        A_COMPLETE_IS_LOST(
                "complete_vantage_sync",
                "records_synced = coalesce(p_records_synced, 0)",
                "records_synced = s.records_synced",
                Fault.LOST),
        A_FAILURE_LOSES_ITS_COUNTS(
                "fail_vantage_sync",
                "coalesce(p_records_synced, 0), coalesce(p_records_created, 0), coalesce(p_records_updated, 0), p_errors",
                "0, 0, 0, p_errors",
                Fault.LOST),
        A_RUN_THAT_LIVES_IS_TAKEN_OVER("start_vantage_sync", "if p_force or", "if true or", Fault.TAKEN_OVER_ALIVE),
        AN_ANSWER_GOES_TO_ANOTHER_CALLER("batch_vantage_sync", "return next;", """
                call_number := jsonb_array_length(p_calls) + 1 - call_number;
                return next;
                """, Fault.WRONG_ANSWER),
        A_PING_IN_A_BATCH_IS_LOST("batch_vantage_sync", "v_call ->> 'signal'", "'log'", Fault.LOST),
        THE_OTHERS_ARE_LOST_WITH_A_REFUSED_CALL("batch_vantage_sync", "  for call_number, v_call in", """
                  if current_setting('test.planted', true) is distinct from 'on' then
                    perform set_config('test.planted', 'on', true);
                    declare
                      v_row record;
                    begin
                      for v_row in select * from public.batch_vantage_sync(p_calls) loop
                        call_number := v_row.call_number;
                        state := v_row.state;
                        error_code := v_row.error_code;
                        error_message := v_row.error_message;
                        error_detail := v_row.error_detail;
                        error_hint := v_row.error_hint;
                        error_constraint := v_row.error_constraint;
                        v_locked := coalesce(v_locked, error_code);
                        return next;
                      end loop;
                      if v_locked is not null then
                        raise exception 'undone';
                      end if;
                    exception when raise_exception then
                      null;
                    end;
                    return;
                  end if;
                  for call_number, v_call in""", Fault.LOST),
        A_REPEATED_START_BEGINS_ANOTHER_RUN(
                "start_vantage_sync",
                "return v_state; -- this call repeats one whose answer was lost",
                "v_run_id := gen_random_uuid(); p_run_id := null; v_taken_over := v_state.run_id; continue;",
                Fault.INVENTED);

        private final String function;
        private final String right;
        private final String wrong;
        private final Fault fault;

        Planted(String function, String right, String wrong, Fault fault) {
            this.function = function;
            this.right = right;
            this.wrong = wrong;
            this.fault = fault;
        }
    }

    private String definition(String function) {
        return Objects.requireNonNull(database.query("select pg_get_functiondef(oid) from pg_proc where proname = '"
                + function + "' and pronamespace = 'public'::regnamespace"));
    }

    private History play(int attempts, long seed, ApiClient... services) throws Exception {
        System.out.printf("%d calls by %d clients, vantage.test.seed=%d%n", attempts, CLIENTS, seed);
        var recorder = new HistoryRecorder();
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try (var proxy = new CuttingProxy(URI.create(service.base()).getPort(), RandomizedHistoryTest::fate)) {
            ApiClient cutting = new ApiClient(proxy.base(), service.headers(), Duration.ofSeconds(30));
            List<Callable<Void>> clients = IntStream.range(0, CLIENTS)
                    .<Callable<Void>>mapToObj(number -> {
                        var client =
                                new Client(recorder, List.of(services), cutting, new Random(seed * CLIENTS + number));
                        return () -> {
                            while (recorder.attemptsSent() < attempts) {
                                client.act();
                            }
                            return null;
                        };
                    })
                    .toList();
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (var connection = database.connect()) {
            return recorder.history(connection, STUCK_AFTER);
        }
    }

    private static Fate fate(String head) {
        Matcher fate = FATE.matcher(head);
        return fate.find() ? Fate.valueOf(fate.group(1)) : Fate.DELIVERED;
    }

    /** A scheduler's worth of jobs, one at a time, some of which it forgets and remembers later. */
    private static final class Client {

        private final HistoryRecorder recorder;
        private final List<ApiClient> services;
        private final ApiClient cutting;
        private final Random random;
        private final List<Call> asleep = new ArrayList<>();

        Client(HistoryRecorder recorder, List<ApiClient> services, ApiClient cutting, Random random) {
            this.recorder = recorder;
            this.services = services;
            this.cutting = cutting;
            this.random = random;
        }

        void act() {
            if (!asleep.isEmpty() && random.nextInt(4) == 0) {
                wake(asleep.get(random.nextInt(asleep.size())));
            } else {
                run();
            }
        }

        private void run() {
            String resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
            UUID id = new UUID(random.nextLong(), random.nextLong());
            Call start = recorder.call(Operation.START, resource, id, random.nextInt(4) == 0);
            if (isRefused(untilAnswered(start))) {
                return;
            }
            asleep.add(start);
            if (asleep.size() > 20) {
                asleep.remove(0);
            }
            for (int reports = random.nextInt(3); reports > 0; reports--) {
                if (isRefused(untilAnswered(recorder.call(Operation.PROGRESS, resource, id, false)))) {
                    return;
                }
            }
            if (random.nextInt(5) > 0) {
                Call end = recorder.call(ending(), resource, id, false);
                untilAnswered(end);
                if (random.nextInt(4) == 0) {
                    untilAnswered(end);
                }
            }
        }

        /** Goes on with a run as though nothing had happened since. */
        private void wake(Call start) {
            Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            untilAnswered(
                    operation == Operation.START
                            ? start
                            : recorder.call(operation, start.resource(), start.run(), false));
        }

        private Operation ending() {
            return random.nextInt(4) == 0 ? Operation.FAIL : Operation.COMPLETE;
        }

        private CallResult untilAnswered(Call call) {
            CallResult answer = null;
            while (answer == null) {
                answer = once(call);
            }
            return answer;
        }

        private @Nullable CallResult once(Call call) {
            ApiClient api = services.get(random.nextInt(services.size()));
            int dice = random.nextInt(100);
            if (dice < 74) {
                return recorder.send(api, call, false);
            }
            if (dice < 84) {
                return recorder.send(api, call, true);
            }
            Fate fate = dice < 89 ? Fate.CUT_BEFORE : dice < 95 ? Fate.CUT_AFTER : Fate.DELAYED;
            return recorder.send(cutting.with("X-Fate", fate.name()), call, false);
        }

        private static boolean isRefused(CallResult answer) {
            return answer.status() != 200;
        }
    }
}
