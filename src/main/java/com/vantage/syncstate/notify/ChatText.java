package com.vantage.syncstate.notify;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Several events as one message for people: an incident a line, whatever happened in it since the last message.
 *
 * @param headline one line, without control characters
 * @param cause why, in one line; empty for several incidents
 * @param lines why in full for one incident, else one an incident, at most ten
 * @param red whether something is wrong that was not, or still is
 * @param severe whether that is an error
 */
record ChatText(String headline, String cause, List<String> lines, boolean red, boolean severe) {

    private static final int MAX_LINES = 10;
    private static final int MAX_LINE = 600;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    static ChatText test(String channel) {
        return new ChatText("Test of the channel " + channel + ": it works.", "", List.of(), false, false);
    }

    /**
     * Writes events, which are in order for each incident.
     *
     * @param commonCause what they likely have in common; null for nothing
     */
    static ChatText of(List<Notification> notifications, @Nullable String commonCause) {
        Map<UUID, List<Notification>> incidents = new LinkedHashMap<>();
        notifications.forEach(notification -> incidents
                .computeIfAbsent(Objects.requireNonNull(notification.incidentId()), id -> new ArrayList<>())
                .add(notification));
        List<Story> stories = incidents.values().stream().map(Story::new).toList();
        long red = stories.stream().filter(Story::isRed).count();
        boolean severe = stories.stream().anyMatch(story -> story.isRed() && story.isError());
        if (stories.size() == 1 && commonCause == null) {
            Story story = stories.get(0);
            return new ChatText(story.lead(), cut(story.detail()), story.explanation(), red > 0, severe);
        }
        List<String> lines = new ArrayList<>();
        stories.stream().limit(MAX_LINES).forEach(story -> lines.add(cut(story.lead() + ". " + story.detail())));
        if (stories.size() > MAX_LINES) {
            lines.add((stories.size() - MAX_LINES) + " more");
        }
        String headline = commonCause == null ? headline(stories, red) : commonCause;
        return new ChatText(headline, "", lines, red > 0, severe);
    }

    private static String headline(List<Story> stories, long red) {
        long green = stories.size() - red;
        String first = red == 0 ? "" : red + (red == 1 ? " incident" : " incidents");
        String second = green == 0 ? "" : green + " back to normal";
        return first + (red > 0 && green > 0 ? ", " : "") + second;
    }

    private static String cut(String line) {
        return line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE - 1) + "…";
    }

    /** What happened in one incident. */
    private record Story(List<Notification> events) {

        Notification last() {
            return events.get(events.size() - 1);
        }

        Instant at() {
            return events.get(0).at();
        }

        boolean isRed() {
            return !last().type().equals("closed");
        }

        boolean isError() {
            return last().text("severity").equals("error");
        }

        String lead() {
            String resource = last().text("resource").replaceFirst("^channel/", "channel ");
            return resource + ": "
                    + switch (last().type()) {
                        case "closed" -> closed();
                        case "changed" -> "now " + kinds();
                        case "reminder" -> "still " + kinds();
                        case "acknowledged" -> "acknowledged";
                        case "flapping" -> "flapping, nothing more is sent until it lasts";
                        default -> kinds();
                    };
        }

        /** An opening that was not sent yet goes with it. */
        private String closed() {
            return !events.get(0).type().equals("opened")
                    ? "back to normal"
                    : kinds() + " from " + TIME.format(at()) + " to " + TIME.format(last().at())
                            + " UTC, back to normal";
        }

        private String kinds() {
            List<String> names = new ArrayList<>();
            JsonNode body = last().body();
            if (body != null) {
                body.path("kinds").forEach(kind -> names.add(kind.asString("")));
            }
            return String.join(" and ", names);
        }

        List<String> explanation() {
            String explanation = last().text("explanation");
            return explanation.isEmpty()
                    ? List.of(cut(detail()))
                    : explanation.lines().map(ChatText::cut).toList();
        }

        String detail() {
            return last().text("detail");
        }
    }
}
