package com.vantage.syncstate.database;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The two pools' own settings; what is left out is taken from {@code spring.datasource}.
 *
 * @param reader the pool of the reads: a login of its own, or a replica
 * @param service the pool of the writes
 * @param maxQueuedRequests how many requests may wait for each of them
 */
@Validated
@ConfigurationProperties("vantage.datasource")
record DatabaseProperties(
        @DefaultValue @Valid Pool reader,
        @DefaultValue @Valid Pool service,
        @DefaultValue("80") @Positive int maxQueuedRequests) {

    /**
     * One pool.
     *
     * @param url JDBC URL of this pool's database
     * @param username login of this pool; it must be a member of the role that the pool runs as
     * @param password password of that login
     * @param maximumPoolSize most connections at a time: requests have all but two of them
     */
    record Pool(
            @Nullable String url,
            @Nullable String username,
            @Nullable String password,
            @DefaultValue("10") @Positive int maximumPoolSize) {}
}
