package com.vantage.syncstate.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Recognizes percent-encoded text; decoders replace what they cannot read, or throw. */
final class PercentEncoding {

    private PercentEncoding() {}

    /** Whether a part of an address, as it was sent, stands for UTF-8 without control characters. */
    static boolean isText(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return true;
        }
        var bytes = ByteBuffer.allocate(encoded.length());
        for (int at = 0; at < encoded.length(); at++) {
            char character = encoded.charAt(at);
            if (character != '%') {
                bytes.put((byte) character);
            } else if (isEscape(encoded, at)) {
                bytes.put((byte) HexFormat.fromHexDigits(encoded, at + 1, at + 3));
                at += 2;
            } else {
                return false;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.flip())
                    .chars()
                    .noneMatch(Character::isISOControl);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isEscape(String encoded, int at) {
        return at + 2 < encoded.length()
                && HexFormat.isHexDigit(encoded.charAt(at + 1))
                && HexFormat.isHexDigit(encoded.charAt(at + 2));
    }
}
