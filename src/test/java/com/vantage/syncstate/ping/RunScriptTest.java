package com.vantage.syncstate.ping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.CuttingProxy;
import com.vantage.syncstate.support.CuttingProxy.Fate;
import com.vantage.syncstate.support.InstalledPrograms;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The script that wraps a job, as it is served, in each of three shells at the same time. */
class RunScriptTest extends ApiTest {

    private static final List<List<String>> SHELLS =
            List.of(List.of("dash"), List.of("busybox", "sh"), List.of("bash"));

    @TempDir
    private Path directory;

    private final List<AutoCloseable> proxies = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private String url;
    private Path script;

    @BeforeEach
    void download() throws IOException {
        InstalledPrograms.require("dash", "busybox", "bash", "curl", "shellcheck");
        url = service.base();
        script = Files.writeString(
                directory.resolve("run.sh"), anonymous.get("/run.sh").body());
        Files.writeString(directory.resolve("key"), SERVICE_KEY + "\n");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable proxy : proxies) {
            proxy.close();
        }
        threads.shutdown();
    }

    @Test
    void isServedToAnyoneUnderATag() {
        Response answer = anonymous.get("/run.sh");

        assertThat(answer.body()).startsWith("#!/bin/sh\n");
        assertThat(anonymous
                        .with("If-None-Match", answer.header("ETag").orElseThrow())
                        .get("/run.sh")
                        .status())
                .isEqualTo(304);
    }

    @Test
    void isCleanForItsLinter() throws Exception {
        // What is clean for a POSIX shell is so for those that know more.
        Process lint = start(List.of("shellcheck", "-s", "sh", script.toString()), Map.of());
        String findings = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(findings).isEmpty();
    }

    @Test
    void completesARunThatEndsWell() {
        inEachShell(shell -> {
            Result first = shell.run(
                    "echo \"since '$VANTAGE_WATERMARK'\"; echo heard >&2; echo records_synced=100 >> $VANTAGE_RESULT;"
                            + " echo records_created=x >> $VANTAGE_RESULT; echo watermark=2026-11-22T07:30:00+02:00 >>"
                            + " $VANTAGE_RESULT");
            Result second = shell.run("echo \"since '$VANTAGE_WATERMARK' as $VANTAGE_RUN_ID\"");

            assertThat(first.status()).isZero();
            assertThat(first.output()).contains("since ''\n", "heard\n");
            assertThat(second.output())
                    .isEqualTo("since '2026-11-22T05:30:00.000000Z' as "
                            + shell.state().get("run_id").asString() + "\n");
            assertThat(shell.status()).isEqualTo("success");
            assertThat(shell.runs().get(1).get("records_synced").asInt()).isEqualTo(100);
            assertThat(shell.runs().get(1).get("records_created").asInt()).isZero();
        });
    }

    @Test
    void failsARunThatDoesNotAndKeepsItsOutput() {
        inEachShell(shell -> {
            Result result = shell.run("echo copying; echo gave up >&2; exit 33");

            assertThat(result.status()).isEqualTo(33);
            assertThat(shell.error().get("code").asString()).isEqualTo("EXIT_33");
            assertThat(shell.error().get("context").get("output").asString()).contains("copying\n", "gave up\n");
        });
    }

    @Test
    void failsARunThatCannotBegin() {
        inEachShell(shell -> {
            Result result = shell.run(List.of("--", "/nowhere/job"), Map.of());

            assertThat(result.status()).isEqualTo(127);
            assertThat(shell.error().get("code").asString()).isEqualTo("EXIT_127");
        });
    }

    @Test
    void keepsTheOutputToItselfWhereItIsToldTo() {
        inEachShell(shell -> {
            Result result = shell.run(List.of("--no-output", "--", "sh", "-c", "echo secret; exit 1"), Map.of());

            assertThat(result.output()).isEqualTo("secret\n");
            assertThat(shell.error().get("context").has("output")).isFalse();
        });
    }

    @Test
    void doesNotRunWhereAnotherRunIsAlive() {
        inEachShell(shell -> {
            service.post("/sync-states/" + shell.resource() + "/start");

            Result result = shell.run("echo ran");

            assertThat(result.status()).isEqualTo(75);
            assertThat(result.output()).contains("is already running").doesNotContain("ran\n");
            assertThat(shell.status()).isEqualTo("running");
        });
    }

    @Test
    void stopsARunThatWasTakenOver() {
        inEachShell(shell -> {
            CompletableFuture<Result> running = shell.begin("touch $BEGUN; sleep 60; echo went on");

            service.post("/sync-states/" + shell.resource() + "/start", "{\"force\": true}");

            assertThat(running.join().status()).isEqualTo(75);
            assertThat(running.join().output())
                    .contains("another run took over")
                    .doesNotContain("went on");
            assertThat(shell.status()).isEqualTo("running");
        });
    }

    @Test
    void passesSignalsOnAndReportsAFailure() {
        for (String signal : List.of("TERM", "INT", "HUP")) {
            inEachShell(shell -> {
                CompletableFuture<Result> running =
                        shell.begin("trap 'echo cleaned up; exit 0' TERM; touch $BEGUN; sleep 60 & wait");

                shell.signal(signal);

                assertThat(running.join().status())
                        .isEqualTo(128 + (signal.equals("TERM") ? 15 : signal.equals("INT") ? 2 : 1));
                assertThat(running.join().output()).contains("cleaned up");
                assertThat(shell.status()).isEqualTo("failed");
            });
        }
    }

    @Test
    void endsARunAfterItsTimeEvenIfThatIsDeaf() {
        inEachShell(shell -> {
            Result result = shell.run(
                    List.of("--timeout", "1s", "--", "sh", "-c", "trap '' TERM; echo deaf; sleep 60"), Map.of());

            assertThat(result.status()).isEqualTo(124);
            assertThat(shell.error().get("code").asString()).isEqualTo("EXIT_124");
            assertThat(shell.error().get("message").asString()).contains("time-out");
        });
    }

    @Test
    void showsSignsOfLife() {
        inEachShell(shell -> {
            CompletableFuture<Result> running = shell.begin("touch $BEGUN; sleep 60");

            await().until(() -> !shell.state().get("progress").isNull());

            shell.signal("TERM");
            assertThat(running.join().status()).isEqualTo(143);
        });
    }

    @Test
    void runsWhileTheServiceIsAwayAndReportsLater() {
        inEachShell(shell -> {
            Instant before = Instant.now().minusSeconds(1);
            String away = proxy(head -> head.contains("/start ") ? Fate.UNAVAILABLE : Fate.DELIVERED);

            Result result =
                    shell.run(List.of("--", "echo", "ran"), Map.of("VANTAGE_URL", away, "VANTAGE_START_WAIT", "0"));

            assertThat(result.status()).isZero();
            assertThat(result.output()).contains("although the start was not taken", "ran\n");
            assertThat(shell.status()).isEqualTo("success");
            assertThat(Instant.parse(shell.state().get("watermark").asString()))
                    .isBetween(
                            before,
                            Instant.parse(shell.state().get("completed_at").asString()));
        });
    }

    @Test
    void doesNotRunWithoutTheServiceWhereItIsStrict() {
        inEachShell(shell -> {
            Result result = shell.run(
                    List.of("--strict", "--", "echo", "ran"),
                    Map.of("VANTAGE_URL", "http://127.0.0.1:1", "VANTAGE_START_WAIT", "0"));

            assertThat(result.status()).isEqualTo(69);
            assertThat(result.output()).doesNotContain("ran\n");
        });
    }

    @Test
    void repeatsWhatWasNotAnswered() {
        inEachShell(shell -> {
            Set<String> cut = ConcurrentHashMap.newKeySet();
            String flaky = proxy(head ->
                    cut.add(head.split(" ", -1)[1].replaceFirst("\\?.*", "")) ? Fate.CUT_AFTER : Fate.DELIVERED);

            Result result = shell.run(
                    List.of("--", "sh", "-c", "exit 3"), Map.of("VANTAGE_URL", flaky, "VANTAGE_HEARTBEAT", "60"));

            assertThat(result.status()).isEqualTo(3);
            assertThat(shell.status()).isEqualTo("failed");
            assertThat(shell.runs()).hasSize(1);
        });
    }

    @Test
    void outlivesAServiceThatIsAwayInBetweenAndAtTheEnd() {
        inEachShell(shell -> {
            AtomicInteger endings = new AtomicInteger();
            Set<String> beats = ConcurrentHashMap.newKeySet();
            String away = proxy(head -> {
                if (head.contains("/progress ")) {
                    beats.add(head);
                    return Fate.CUT_BEFORE;
                }
                return head.contains("/ping/") && endings.incrementAndGet() <= 2 ? Fate.UNAVAILABLE : Fate.DELIVERED;
            });

            CompletableFuture<Result> running = CompletableFuture.supplyAsync(
                    () -> shell.run(
                            List.of("--", "sh", "-c", "touch $BEGUN; while [ ! -e $BEGUN.end ]; do sleep 0.1; done"),
                            Map.of("VANTAGE_URL", away)),
                    threads);
            await().until(() -> !beats.isEmpty());
            shell.letEnd();

            assertThat(running.join().status()).isZero();
            assertThat(shell.status()).isEqualTo("success");
            assertThat(endings).hasValue(3);
        });
    }

    /** As a laptop does that is closed, with all that runs on it. */
    @Test
    void stopsWhereAnotherRunTookOverWhileItsHostWasAsleep() {
        inEachShell(shell -> {
            CompletableFuture<Result> running = shell.begin("touch $BEGUN; sleep 60; echo went on");
            shell.signalAll("STOP");
            service.post("/sync-states/" + shell.resource() + "/start", "{\"force\": true}");

            shell.signalAll("CONT");

            assertThat(running.join().status()).isEqualTo(75);
            assertThat(running.join().output()).doesNotContain("went on");
            assertThat(shell.status()).isEqualTo("running");
        });
    }

    @Test
    void showsTheKeyToNobody() throws IOException {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        Path curl = Files.writeString(
                tools.resolve("curl"), "#!/bin/sh\necho \"$*\" >>\"$BEGUN.curl\"\nexec /usr/bin/curl \"$@\"\n");
        assertThat(curl.toFile().setExecutable(true)).isTrue();

        inEachShell(shell -> {
            Result result = shell.run(
                    List.of("--", "sh", "-c", "env; exit 4"), Map.of("PATH", tools + ":" + System.getenv("PATH")));

            assertThat(result.status()).isEqualTo(4);
            assertThat(result.output()).doesNotContain(SERVICE_KEY);
            assertThat(shell.calls()).contains("/start", "/ping/-/").doesNotContain(SERVICE_KEY);
        });
    }

    @Test
    void leavesTheCommandItsInputAndPermissions() {
        inEachShell(shell -> {
            Result result = shell.run(
                    List.of("--", "sh", "-c", "umask; cat; ls -d \"$(dirname \"$VANTAGE_RESULT\")\""),
                    Map.of("INPUT", "from the terminal"));

            assertThat(result.output()).contains("0022\n").contains("from the terminal");
            assertThat(Path.of(
                            result.output().strip().lines().reduce((a, b) -> b).orElseThrow()))
                    .doesNotExist();
        });
    }

    @Test
    void saysWhatWasLost() {
        inEachShell(shell -> {
            String away = proxy(head -> head.contains("/ping/") ? Fate.CUT_BEFORE : Fate.DELIVERED);

            Result result = shell.run(
                    List.of("--", "sh", "-c", "exit 3"), Map.of("VANTAGE_URL", away, "VANTAGE_END_WAIT", "0"));

            assertThat(result.status()).isEqualTo(3);
            assertThat(result.output()).contains("the end of " + shell.resource() + " (exit code 3, run ", "is lost");
            assertThat(shell.status()).isEqualTo("running");
        });
    }

    /** With less memory than that. */
    @Test
    void takesAGigabyteOfOutput() {
        inEachShell(shell -> {
            Result result = shell.run(
                    List.of("--", "sh", "-c", "head -c 1000000000 /dev/zero; echo; echo the end; exit 2"),
                    Map.of("LIMIT", "400000", "DISCARD", "yes"));

            assertThat(result.status()).isEqualTo(2);
            assertThat(shell.error().get("message").asString()).isEqualTo("the end");
            assertThat(shell.error().get("context").get("output").asString()).hasSize(10_000);
        });
    }

    @Test
    void doesNotWaitForWhatAJobLeavesBehind() {
        inEachShell(shell -> assertThat(shell.run("sleep 20 & exit 5").status()).isEqualTo(5));
    }

    /** What runs beside a job, such as the heartbeat, may only have begun when that is over. */
    @Test
    void leavesNothingBehindOfAJobThatEndsAtOnce() {
        inEachShell(shell -> {
            for (int i = 0; i < 15; i++) {
                Result result = shell.run(List.of("--timeout", "1h", "--", "true"), Map.of("VANTAGE_HEARTBEAT", "60"));

                assertThat(result.status()).isZero();
            }

            await().untilAsserted(() -> assertThat(shell.processes()).isEmpty());
        });
    }

    @Test
    void saysHowItIsCalled() {
        inEachShell(shell -> {
            for (List<String> wrong : List.of(
                    List.<String>of(),
                    List.of("--"),
                    List.of("echo", "ran"),
                    List.of("--timeout", "soon", "--", "echo", "ran"),
                    List.of("--quiet", "--", "echo", "ran"))) {
                Result result = shell.run(wrong, Map.of());

                assertThat(result.status()).isEqualTo(64);
                assertThat(result.output()).contains("usage: sh run.sh ").doesNotContain("ran\n");
            }
        });
    }

    /** All at once, as most of the time is spent asleep. */
    private void inEachShell(Consumer<Shell> test) {
        List<CompletableFuture<Void>> tests = SHELLS.stream()
                .map(shell -> CompletableFuture.runAsync(() -> test.accept(new Shell(shell)), threads))
                .toList();
        tests.forEach(CompletableFuture::join);
        freshStates();
    }

    private String proxy(Function<String, Fate> fates) {
        var proxy = new CuttingProxy(URI.create(url).getPort(), fates);
        proxies.add(proxy);
        return proxy.base();
    }

    /** In a session of its own, so that no terminal is there to stop it, and deaf to no signal, as what nohup starts would be. */
    private Process start(List<String> command, Map<String, String> environment) throws IOException {
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal", "setsid", "--wait"));
        whole.addAll(command);
        var builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        if (environment.containsKey("DISCARD")) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        return builder.start();
    }

    private record Result(int status, String output) {}

    /** One of the shells, with a resource of its own. */
    private final class Shell {

        private final List<String> command;

        Shell(List<String> command) {
            this.command = command;
        }

        String resource() {
            return "by-" + command.get(0);
        }

        Result run(String job) {
            return run(List.of("--", "sh", "-c", job), Map.of());
        }

        /** Begins a job, and returns when it has touched $BEGUN. */
        CompletableFuture<Result> begin(String job) {
            CompletableFuture<Result> result = CompletableFuture.supplyAsync(() -> run(job), threads);
            await().until(() -> Files.deleteIfExists(begun()));
            return result;
        }

        private Path begun() {
            return directory.resolve(resource() + ".begun");
        }

        /** @param arguments the options, before which the resource is put, and from -- on the job */
        Result run(List<String> arguments, Map<String, String> more) {
            int options = arguments.contains("--") ? arguments.indexOf("--") : arguments.size();
            List<String> call = new ArrayList<>(List.of(
                    "bash",
                    "-c",
                    "ulimit -v ${LIMIT:-unlimited}; umask 0022; echo $$ > \"$PID_FILE\"; exec \"$@\" <<< \"${INPUT-}\"",
                    "bash"));
            call.addAll(command);
            call.add(script.toString());
            call.addAll(arguments.subList(0, options));
            if (arguments.contains("--")) {
                call.add(resource());
            }
            call.addAll(arguments.subList(options, arguments.size()));
            Map<String, String> environment = new HashMap<>(Map.of(
                    "VANTAGE_URL",
                    url,
                    "VANTAGE_KEY_FILE",
                    directory.resolve("key").toString(),
                    "VANTAGE_HEARTBEAT",
                    "1",
                    "VANTAGE_START_WAIT",
                    "5",
                    "VANTAGE_END_WAIT",
                    "5",
                    "VANTAGE_GRACE",
                    "1",
                    "BEGUN",
                    begun().toString(),
                    "PID_FILE",
                    pidFile().toString()));
            environment.putAll(more);
            try {
                Process process = start(call, environment);
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                return new Result(process.exitValue(), output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Ends a job that waits for it. */
        void letEnd() {
            try {
                Files.createFile(Path.of(begun() + ".end"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** How curl was called. */
        String calls() {
            try {
                return Files.readString(Path.of(begun() + ".curl"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** All that have inherited its environment, whoever their parent is now. */
        List<String> processes() throws IOException {
            List<String> found = new ArrayList<>();
            try (Stream<Path> all = Files.list(Path.of("/proc"))) {
                for (Path process : all.toList()) {
                    try {
                        if (Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                                .contains("PID_FILE=" + pidFile())) {
                            found.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                    .replace('\0', ' '));
                        }
                    } catch (IOException e) {
                        // It is no process, that of somebody else, or over.
                    }
                }
            }
            return found;
        }

        /** To the wrapper and all that it has started. */
        void signalAll(String name) {
            try {
                ProcessHandle wrapper = ProcessHandle.of(
                                Long.parseLong(Files.readString(pidFile()).strip()))
                        .orElseThrow();
                List<String> command = new ArrayList<>(List.of("kill", "-" + name));
                Stream.concat(Stream.of(wrapper), wrapper.descendants())
                        .forEach(process -> command.add(String.valueOf(process.pid())));
                assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void signal(String name) {
            try {
                String pid = Files.readString(pidFile()).strip();
                assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                        .isZero();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Path pidFile() {
            return directory.resolve(resource() + ".pid");
        }

        JsonNode state() {
            return service.get("/sync-states/" + resource()).json();
        }

        String status() {
            return state().get("last_sync_status").asString();
        }

        JsonNode error() {
            return state().get("errors").get(0);
        }

        JsonNode runs() {
            return service.get("/sync-states/" + resource() + "/runs").json().get("runs");
        }
    }
}
