package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Walks along one parameter's text, and words what it meets there as PostgREST does. */
final class ParameterScanner {

    private final String subject;
    private final String text;
    private final int lead;
    private int at;

    /**
     * @param subject what is read, {@code filter}
     * @param text the parameter's value
     */
    ParameterScanner(String subject, String text) {
        this(subject, text, 0);
    }

    /**
     * @param lead columns that PostgREST counts before the value: it puts the key before that of a logic tree
     */
    ParameterScanner(String subject, String text, int lead) {
        this.subject = subject;
        this.text = text;
        this.lead = lead;
    }

    boolean ended() {
        return at == text.length();
    }

    boolean startsWith(String expected) {
        return text.startsWith(expected, at);
    }

    boolean take(String expected) {
        if (!startsWith(expected)) {
            return false;
        }
        at += expected.length();
        return true;
    }

    void skipSpace() {
        while (startsWith(" ") || startsWith("\t")) {
            at++;
        }
    }

    /** The text from here up to one of these characters, or to the end. */
    String upTo(String stops) {
        int from = at;
        while (!ended() && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    /** A text in double quotes, in which a backslash escapes; the quote that opens it is the next character. */
    String quoted() {
        take("\"");
        var value = new StringBuilder();
        while (!take("\"")) {
            take("\\");
            if (ended()) {
                throw unexpected("a closing quote");
            }
            int point = text.codePointAt(at);
            value.appendCodePoint(point);
            at += Character.charCount(point);
        }
        return value.toString();
    }

    /** A column's name, an alias or a key: quoted, or of letters, digits, {@code _ $}, spaces and single dashes. */
    String name() {
        if (startsWith("\"")) {
            return quoted();
        }
        int from = at;
        while (!ended() && (isOfName(text.codePointAt(at)) || isDash())) {
            at += Character.charCount(text.codePointAt(at));
        }
        String name = text.substring(from, at).strip();
        if (name.isEmpty() || name.startsWith("-")) {
            at = from;
            throw unexpected("field name (* or [a..z0..9_$])");
        }
        return name;
    }

    /** A comma-separated list in parentheses; its items read the spaces around them. */
    <T> List<T> parenthesized(Function<ParameterScanner, T> item) {
        skipSpace();
        if (!take("(")) {
            throw unexpected("\"(\"");
        }
        skipSpace();
        List<T> items = new ArrayList<>();
        do {
            items.add(item.apply(this));
        } while (take(","));
        if (!take(")")) {
            throw unexpected("\",\" or \")\"");
        }
        skipSpace();
        return items;
    }

    /** A comma-separated list, to the end; {@code expected} may follow an item. */
    <T> List<T> list(Function<ParameterScanner, T> item, String expected) {
        List<T> items = new ArrayList<>();
        do {
            skipSpace();
            items.add(item.apply(this));
            skipSpace();
        } while (take(","));
        if (!ended()) {
            throw unexpected(expected);
        }
        return items;
    }

    int mark() {
        return at;
    }

    void back(int mark) {
        at = mark;
    }

    PostgrestError unexpected(String expecting) {
        String found = ended() ? "end of input" : '"' + Character.toString(text.codePointAt(at)) + '"';
        return new PostgrestError(
                400,
                "PGRST100",
                "\"failed to parse " + subject + " (" + text + ")\" (line 1, column " + (lead + at + 1) + ")",
                "unexpected " + found + " expecting " + expecting,
                null);
    }

    private static boolean isOfName(int point) {
        return Character.isLetterOrDigit(point) || point == '_' || point == ' ' || point == '$';
    }

    private boolean isDash() {
        return startsWith("-") && !startsWith("->");
    }
}
