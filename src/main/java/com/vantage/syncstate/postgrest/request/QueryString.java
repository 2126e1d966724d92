package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, decoded, in their order; a name without a value counts as not given. */
public record QueryString(List<Parameter> parameters) {

    private static final int MAX_PARAMETERS = 500;

    public QueryString {
        parameters = List.copyOf(parameters);
    }

    public static QueryString of(@Nullable String raw) {
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0) {
                parameters.add(new Parameter(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1))));
            }
        }
        if (parameters.size() > MAX_PARAMETERS) {
            throw PostgrestError.unsupported("more than " + MAX_PARAMETERS + " parameters");
        }
        return new QueryString(parameters);
    }

    public Optional<String> first(String name) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .findFirst();
    }

    /** What is no escape stays as it is, and what is no UTF-8 becomes U+FFFD: PostgREST refuses neither. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        var bytes = new ByteArrayOutputStream(text.length());
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < encoded.length; at++) {
            int high = at + 2 < encoded.length && encoded[at] == '%' ? Character.digit(encoded[at + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[at + 2], 16);
            if (low >= 0) {
                bytes.write(high * 16 + low);
                at += 2;
            } else {
                bytes.write(encoded[at] == '+' ? ' ' : encoded[at]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** One of them. */
    public record Parameter(String name, String value) {}
}
