package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import com.vantage.syncstate.support.NodePackages.Ended;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document is true enough to generate clients from, and passes the linters of such documents. */
class GeneratedClientTest extends ApiTest {

    /** Where the build puts it. */
    private static final Path GENERATOR = Path.of("target", "openapi-generator", "openapi-generator-cli.jar");

    private static final Path TRIAL = Path.of("src", "test", "resources", "openapi", "GeneratedClientTrial.java");

    @TempDir
    private Path directory;

    private Path document;

    @BeforeEach
    void readTheDocument() throws IOException {
        document = Files.writeString(
                directory.resolve("openapi.json"), anonymous.get("/v3/api-docs").body());
    }

    @Test
    void compilesAndWorksInJava() throws Exception {
        Ended generator = NodePackages.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        GENERATOR.toAbsolutePath().toString(),
                        "generate",
                        "--input-spec=" + document,
                        "--generator-name=java",
                        "--library=native",
                        "--output=" + directory.resolve("client"),
                        "--additional-properties=openApiNullable=false,useJakartaEe=true",
                        "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"),
                directory,
                120);
        assertThat(generator.code()).as(generator.output()).isZero();

        Path classes = Files.createDirectory(directory.resolve("classes"));
        assertThat(compile(directory.resolve("client").resolve("src").resolve("main"), classes))
                .isEmpty();

        try (var loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("GeneratedClientTrial")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {service.base(), SERVICE_KEY});
        }
    }

    @Test
    @Tag("node")
    void typeChecksInTypeScript() {
        NodePackages.install();

        Ended generator = NodePackages.run(
                List.of("npx", "--no-install", "openapi-typescript", document.toString(), "-o", "openapi.d.ts"),
                Map.of(),
                60);
        assertThat(generator.code()).as(generator.output()).isZero();

        Ended compiler = NodePackages.run(
                List.of(
                        "npx",
                        "--no-install",
                        "tsc",
                        "--noEmit",
                        "--strict",
                        "--target",
                        "es2022",
                        "--module",
                        "esnext",
                        "--moduleResolution",
                        "bundler",
                        "generated-client.ts"),
                Map.of(),
                60);
        assertThat(compiler.code()).as(compiler.output()).isZero();
    }

    @Test
    @Tag("node")
    void passesTheRulesOfOwasp() {
        NodePackages.install();

        Ended linter = NodePackages.run(
                List.of(
                        "npx",
                        "--no-install",
                        "spectral",
                        "lint",
                        "--ruleset=spectral.yaml",
                        "--fail-severity=hint",
                        document.toString()),
                Map.of(),
                60);

        assertThat(linter.code()).as(linter.output()).isZero();
    }

    /** What the compiler has against it, which may be nothing. */
    private static String compile(Path sources, Path classes) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> generated = Files.walk(sources)) {
            List<Path> all = Stream.concat(
                            Stream.of(TRIAL),
                            generated.filter(file -> file.toString().endsWith(".java")))
                    .toList();
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-nowarn", "-proc:none", "-d", classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(all))
                    .call();
            return compiled ? "" : messages.toString();
        }
    }
}
