package com.vantage.syncstate.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a header {@code Accept-Encoding} names gzip, and not with a quality of zero. */
final class GzipPreference {

    private static final Pattern REFUSED = Pattern.compile(";\\s*q\\s*=\\s*0(?:\\.0{0,3})?\\s*(?:;.*)?");

    private GzipPreference() {}

    static boolean isNamedIn(String header) {
        for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String stripped = coding.strip();
            int end = stripped.indexOf(';');
            String name = (end < 0 ? stripped : stripped.substring(0, end)).strip();
            if (name.equals("gzip")) {
                return end < 0 || !REFUSED.matcher(stripped.substring(end)).matches();
            }
        }
        return false;
    }
}
