package com.vantage.syncstate.security;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a caller may do: read, or read and write. */
enum Role {
    READER,
    SERVICE;

    private static final List<GrantedAuthority> READS = List.of(new SimpleGrantedAuthority("READER"));
    private static final List<GrantedAuthority> READS_AND_WRITES =
            List.of(new SimpleGrantedAuthority("READER"), new SimpleGrantedAuthority("SERVICE"));

    List<GrantedAuthority> authorities() {
        return this == SERVICE ? READS_AND_WRITES : READS;
    }

    /** The role that a token's claim {@code role} names; any other value names none. */
    static Optional<Role> ofClaim(@Nullable String claim) {
        if (claim == null) {
            return Optional.empty();
        }
        return switch (claim) {
            case "service_role" -> Optional.of(SERVICE);
            case "authenticated", "anon" -> Optional.of(READER);
            default -> Optional.empty();
        };
    }
}
