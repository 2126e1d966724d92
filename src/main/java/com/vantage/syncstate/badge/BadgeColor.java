package com.vantage.syncstate.badge;

import com.fasterxml.jackson.annotation.JsonValue;
import com.vantage.syncstate.alert.AlertKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The colour of a badge, by its name at shields.io, and the paint that the picture has for it. */
enum BadgeColor {
    GREEN("#2c8a3d"),
    RED("#c93a2b"),
    ORANGE("#b85600"),
    YELLOW("#b07d00"),
    GREY("#767b81");

    private final String paint;

    BadgeColor(String paint) {
        this.paint = paint;
    }

    /** By the worst alert, and where there is none, by the status. */
    static BadgeColor of(String status, @Nullable AlertKind alert) {
        // It is stale at once, but nobody has neglected it yet.
        if (status.equals("never_run")) {
            return GREY;
        }
        if (alert != null) {
            return switch (alert) {
                case FAILED, STUCK -> RED;
                case STALE, SLOW -> ORANGE;
            };
        }
        return status.equals("running") ? YELLOW : GREEN;
    }

    /** In CSS; dark enough for white text. */
    String paint() {
        return paint;
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
