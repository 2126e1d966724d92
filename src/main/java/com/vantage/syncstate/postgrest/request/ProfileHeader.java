package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import org.jspecify.annotations.Nullable;

/** The one schema that is served. */
public final class ProfileHeader {

    private static final String PUBLIC = "public";

    private ProfileHeader() {}

    /**
     * Lets only the one schema pass.
     *
     * @throws PostgrestError 406 for a schema other than {@code public}
     */
    public static void require(@Nullable String profile) {
        if (profile != null && !profile.equals(PUBLIC)) {
            throw new PostgrestError(
                    406,
                    "PGRST106",
                    "Invalid schema: " + profile,
                    null,
                    "Only the following schemas are exposed: " + PUBLIC);
        }
    }
}
