package com.vantage.syncstate.notify;

import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes for the incoming webhooks of Slack and those who take the same: a text, and one attachment that colours it. */
@Component
class SlackMessages {

    private static final String RED = "#c0392b";
    private static final String AMBER = "#d68910";
    private static final String GREEN = "#27ae60";

    private final JsonMapper json;
    private final Links links;

    SlackMessages(JsonMapper json, Links links) {
        this.json = json;
        this.links = links;
    }

    Message write(ChatText text) {
        ObjectNode root = json.createObjectNode();
        root.put("text", escape(text.headline()));
        String body = String.join(
                "\n", text.lines().stream().map(SlackMessages::escape).toList());
        if (links.areAbsolute()) {
            body = (body.isEmpty() ? "" : body + "\n") + "<" + links.page() + "|All resources>";
        }
        if (!body.isEmpty()) {
            ObjectNode attachment = root.putArray("attachments").addObject();
            attachment.put("color", !text.red() ? GREEN : text.severe() ? RED : AMBER);
            attachment.put("text", body);
            attachment.put("fallback", escape(text.headline()));
        }
        return new Message(Map.of(), json.writeValueAsBytes(root));
    }

    /** What a job reports cannot address a channel or make a link. */
    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
