package com.vantage.syncstate.security;

import com.vantage.syncstate.database.DatabaseRole;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a caller may do: read, or read and write. */
public enum Role {
    READER,
    SERVICE;

    /** Whether a caller may do what this role may. */
    public boolean isHeldBy(@Nullable Authentication caller) {
        return caller != null && caller.getAuthorities().contains(authority());
    }

    List<GrantedAuthority> authorities() {
        return this == SERVICE ? List.of(READER.authority(), authority()) : List.of(authority());
    }

    private GrantedAuthority authority() {
        return new SimpleGrantedAuthority(name());
    }

    /** The role that a token's claim {@code role} names; any other value names none. */
    static Optional<Role> ofClaim(@Nullable String claim) {
        if (claim == null) {
            return Optional.empty();
        }
        return switch (claim) {
            case DatabaseRole.SERVICE_ROLE -> Optional.of(SERVICE);
            case DatabaseRole.AUTHENTICATED, DatabaseRole.ANON -> Optional.of(READER);
            default -> Optional.empty();
        };
    }
}
