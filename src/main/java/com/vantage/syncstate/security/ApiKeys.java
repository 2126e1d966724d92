package com.vantage.syncstate.security;

import com.vantage.syncstate.config.UnusableSettingException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The valid keys, as SHA-256 digests, compared in constant time. */
final class ApiKeys {

    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-fA-F]{64})");

    private final List<Map.Entry<byte[], Role>> roles = new ArrayList<>();

    ApiKeys(KeyProperties keys) {
        keys.service().forEach(key -> roles.add(Map.entry(digestOf(key, "service"), Role.SERVICE)));
        keys.reader().forEach(key -> roles.add(Map.entry(digestOf(key, "reader"), Role.READER)));
    }

    /** The role of a key; the higher one where it is in both lists. */
    Optional<Role> roleOf(String key) {
        return roleOf(Sha256.of(key));
    }

    /** @param digest of a key */
    Optional<Role> roleOf(byte[] digest) {
        Role found = null;
        // No early return: how long it takes must not reveal whether or where a key is in the list.
        for (var entry : roles) {
            boolean matches = MessageDigest.isEqual(entry.getKey(), digest);
            found = matches && found != Role.SERVICE ? entry.getValue() : found;
        }
        return Optional.ofNullable(found);
    }

    static byte[] digestOf(String key, String kind) {
        if (!key.startsWith("sha256:")) {
            return Sha256.of(key);
        }
        var digest = DIGEST.matcher(key);
        if (!digest.matches()) {
            throw new UnusableSettingException(
                    "A value of vantage.keys." + kind
                            + " begins with 'sha256:' but 64 hexadecimal digits do not follow",
                    "Give the key itself or its digest, as printed by: printf %s \"$KEY\" | sha256sum; for"
                            + " example sha256:" + HexFormat.of().formatHex(Sha256.of("example")));
        }
        return HexFormat.of().parseHex(digest.group(1));
    }
}
