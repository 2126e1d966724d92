package com.vantage.syncstate.ping;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.InstalledPrograms;
import com.vantage.syncstate.support.RawHttp;
import com.vantage.syncstate.support.RawHttp.Answer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The clients of the protocol, or their requests as they send them, and what they take for an answer. */
class PingClientsTest extends ApiTest {

    @TempDir
    private Path directory;

    private String address;

    @BeforeEach
    void makeAddress() {
        InstalledPrograms.require("curl", "busybox");
        address = service.base() + "/ping/" + PING_KEY + "/accounts";
    }

    @Test
    void curlReportsTheExitCode() throws Exception {
        String printed = run("m=$(echo copying; echo gave up; exit 3) || code=$?; "
                + "curl -fsS -m 10 --retry 3 --data-raw \"$m\" \"$ADDRESS/$code\"");

        assertThat(printed).isEqualTo("OK");
        assertThat(state().get("errors").get(0).get("code").asString()).isEqualTo("EXIT_3");
        assertThat(state().get("errors").get(0).get("message").asString()).isEqualTo("gave up");
    }

    @Test
    void wgetOfBusyboxReportsStartAndSuccess() throws Exception {
        assertThat(run("busybox wget -q -O - \"$ADDRESS/start\"")).isEqualTo("OK");
        assertThat(state().get("last_sync_status").asString()).isEqualTo("running");

        assertThat(run("busybox wget -q -O - \"$ADDRESS\"")).isEqualTo("OK");
        assertThat(state().get("last_sync_status").asString()).isEqualTo("success");
    }

    @Test
    @Tag("borgmatic")
    void borgmaticReportsABackup() throws Exception {
        backUp("");

        assertThat(state().get("last_sync_status").asString()).isEqualTo("success");
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    @Tag("borgmatic")
    void borgmaticReportsABackupThatFailed() throws Exception {
        backUp("    before_backup: [exit 7]\n");

        assertThat(state().get("last_sync_status").asString()).isEqualTo("failed");
        assertThat(state().get("errors").get(0).get("code").asString()).isEqualTo("FAILED");
        assertThat(state().get("errors").get(0).get("context").get("output").asString())
                .contains("Command 'exit 7' returned non-zero exit status 7");
    }

    /** Takes 200 and 201 alone; repeats 408, 429, 500 and 502 to 504. */
    @Test
    void runitorReportsARun() {
        String run = "?rid=" + UUID.randomUUID();

        Answer start = runitor("/start" + run, "");
        String started = state().get("last_sync_status").asString();
        Answer success = runitor(run, "done\n");

        assertThat(List.of(start.status(), success.status())).containsOnly(200);
        assertThat(success.headers()).containsEntry("ping-body-limit", "10000");
        assertThat(started).isEqualTo("running");
        assertThat(state().get("last_sync_status").asString()).isEqualTo("success");
        assertThat(runs()).isEqualTo(1);
    }

    /** As it does with {@code -no-run-id}. */
    @Test
    void runitorReportsRunsWithoutIds() {
        for (String signal : List.of("/start", "", "/start", "/33")) {
            assertThat(runitor(signal, "done\n").status()).isEqualTo(200);
        }

        assertThat(state().get("errors").get(0).get("code").asString()).isEqualTo("EXIT_33");
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void runitorRepeatsWhatWasNotAnswered() {
        String run = "?rid=" + UUID.randomUUID();

        assertThat(runitor("/start" + run, "").status()).isEqualTo(200);
        assertThat(runitor("/start" + run, "").status()).isEqualTo(200);
        assertThat(runitor("/33" + run, "gave up\n").status()).isEqualTo(200);
        assertThat(runitor("/33" + run, "gave up\n").status()).isEqualTo(200);

        assertThat(state().get("errors").get(0).get("code").asString()).isEqualTo("EXIT_33");
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void runitorIsOvertakenByItsOwnEnding() {
        String run = "?rid=" + UUID.randomUUID();

        Answer success = runitor(run, "done\n");
        Answer start = runitor("/start" + run, "");

        assertThat(success.status()).isEqualTo(200);
        // Not one that it repeats.
        assertThat(start.status()).isEqualTo(409);
        assertThat(state().get("last_sync_status").asString()).isEqualTo("success");
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void runitorCreatesWhatIsNotThere() {
        String run = "?create=1&rid=" + UUID.randomUUID();
        address = address.replace("accounts", "created");

        assertThat(runitor("/start" + run, "").status()).isEqualTo(201);
        assertThat(runitor("/fail" + run, "not found\n").status()).isEqualTo(200);

        assertThat(service.get("/sync-states/created").text("last_sync_status")).isEqualTo("failed");
    }

    /** Takes 200 and 204 alone, and sends no run id. */
    @Test
    void backrestReportsARun() {
        for (String signal : List.of("/start", "", "/start", "/fail")) {
            Answer answer = send("POST", signal, List.of("Content-Type: text/plain"), "Backrest: " + signal);
            assertThat(answer.status()).isEqualTo(200);
        }

        assertThat(state().get("errors").get(0).get("message").asString()).isEqualTo("Backrest: /fail");
        assertThat(runs()).isEqualTo(2);
    }

    @Test
    void resticprofileLooksAtTheHeadAlone() {
        Answer answer = send("HEAD", "/start", List.of("Connection: close"), "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(state().get("last_sync_status").asString()).isEqualTo("running");
    }

    /** Takes nothing but this body. */
    @Test
    void cloudflareDdnsReadsTheBody() {
        for (String signal : List.of("/start", "", "/1", "/log")) {
            Answer answer = send("POST", signal, List.of("Content-Type: text/plain"), "message");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("OK");
        }
    }

    private Answer runitor(String more, String body) {
        return send(
                "POST",
                more,
                List.of(
                        "User-Agent: runitor/1.4.1 (+https://bdd.fi/x/runitor)",
                        "Content-Type: text/plain",
                        "Accept-Encoding: gzip"),
                body);
    }

    private Answer send(String method, String more, List<String> headers, String body) {
        String path = address.substring(service.base().length());
        return RawHttp.send(service.base(), method + " " + path + more, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private void backUp(String hook) throws Exception {
        InstalledPrograms.require("borgmatic");
        Path configuration = directory.resolve("borgmatic.yaml");
        Files.writeString(configuration, """
                location:
                    source_directories: [%1$s/source]
                    repositories: [%1$s/repository]
                storage:
                    borg_base_directory: %1$s
                    unknown_unencrypted_repo_access_is_ok: true
                hooks:
                    healthchecks:
                        ping_url: %2$s
                """.formatted(directory, address) + hook);
        Files.createDirectory(directory.resolve("source"));
        run("""
                export HOME="$DIRECTORY" BORG_BASE_DIR="$DIRECTORY"
                borg init --encryption=none "$DIRECTORY/repository" &&
                  borgmatic --config "$DIRECTORY/borgmatic.yaml" create || true
                """);
    }

    private String run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("setsid", "--wait", "bash", "-c", script)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().put("ADDRESS", address);
        builder.environment().put("DIRECTORY", directory.toString());
        // In a session of its own: who asks a terminal would stop the tests.
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed;
    }

    private JsonNode state() {
        return service.get("/sync-states/accounts").json();
    }

    private int runs() {
        return service.get("/sync-states/accounts/runs").json().get("runs").size();
    }
}
