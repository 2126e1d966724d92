package com.vantage.syncstate.security;

import java.security.MessageDigest;
import java.util.List;

/** Keys of one kind, as SHA-256 digests, compared in constant time. */
public final class SecretKeys {

    private final List<byte[]> digests;

    /**
     * Digests the keys of a list.
     *
     * @param keys each as it is or as {@code sha256:<64 hex digits>}
     * @param kind the property below {@code vantage.keys} that lists them, for a message
     * @throws com.vantage.syncstate.config.UnusableSettingException if one begins as a digest and is none
     */
    public SecretKeys(List<String> keys, String kind) {
        digests = keys.stream().map(key -> ApiKeys.digestOf(key, kind)).toList();
    }

    public boolean contains(String key) {
        byte[] digest = Sha256.of(key);
        boolean found = false;
        // No early return: how long it takes must not reveal where a key is in the list.
        for (byte[] known : digests) {
            found |= MessageDigest.isEqual(known, digest);
        }
        return found;
    }
}
