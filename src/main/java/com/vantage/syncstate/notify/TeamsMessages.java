package com.vantage.syncstate.notify;

import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes for the workflows of Microsoft Teams: an Adaptive Card, whose texts are plain, as an attachment. */
@Component
class TeamsMessages {

    /** What Teams takes of a message. */
    static final int MAX_BYTES = 28_000;

    private final JsonMapper json;
    private final Links links;

    TeamsMessages(JsonMapper json, Links links) {
        this.json = json;
        this.links = links;
    }

    Message write(ChatText text) {
        byte[] body = write(text, text.lines().size());
        for (int lines = text.lines().size() - 1; body.length > MAX_BYTES && lines >= 0; lines--) {
            body = write(text, lines);
        }
        return new Message(Map.of(), body);
    }

    private byte[] write(ChatText text, int lines) {
        ObjectNode root = json.createObjectNode();
        root.put("type", "message");
        ObjectNode attachment = root.putArray("attachments").addObject();
        attachment.put("contentType", "application/vnd.microsoft.card.adaptive");
        ObjectNode card = attachment.putObject("content");
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.2");
        ArrayNode body = card.putArray("body");
        block(body, text.headline())
                .put("weight", "Bolder")
                .put("size", "Medium")
                .put("color", !text.red() ? "Good" : text.severe() ? "Attention" : "Warning");
        text.lines().stream().limit(lines).forEach(line -> block(body, line));
        if (links.areAbsolute()) {
            card.putArray("actions")
                    .addObject()
                    .put("type", "Action.OpenUrl")
                    .put("title", "All resources")
                    .put("url", links.page());
        }
        return json.writeValueAsBytes(root);
    }

    private static ObjectNode block(ArrayNode body, String text) {
        return body.addObject().put("type", "TextBlock").put("wrap", true).put("text", escape(text));
    }

    /** A text block reads some Markdown: what a job reports cannot make a link or a heading of it. */
    private static String escape(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]#~])", "\\\\$1");
    }
}
