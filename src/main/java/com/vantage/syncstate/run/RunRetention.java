package com.vantage.syncstate.run;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Maintains the history, in batches small enough to delay nobody: each hour it deletes the runs that are older than
 * they are kept, and each minute it lets what is left of a large history follow a renamed or deleted resource.
 */
@Configuration(proxyBeanMethods = false)
class RunRetention {

    private static final Logger log = LoggerFactory.getLogger(RunRetention.class);
    private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);
    private static final Duration BETWEEN_MOVES = Duration.ofMinutes(1);
    private static final int BATCH = 500;

    private final RunRepository runs;
    private final Duration retention;

    RunRetention(RunRepository runs, RunProperties properties) {
        this.runs = runs;
        this.retention = properties.retention();
    }

    @Bean
    RecurringTask<Void> deleteOldRuns() {
        return Tasks.recurring("delete-old-runs", FixedDelay.of(BETWEEN_DELETIONS))
                .execute((instance, context) -> deleteOld());
    }

    @Bean
    RecurringTask<Void> moveHistory() {
        return Tasks.recurring("move-history", FixedDelay.of(BETWEEN_MOVES))
                .execute((instance, context) -> followResources());
    }

    /** Lets all history follow its resource, batch by batch. */
    void followResources() {
        boolean more = true;
        while (more) {
            more = runs.moveHistory();
        }
    }

    /** Deletes all that are too old, batch by batch, and returns how many there were. */
    int deleteOld() {
        int deleted = 0;
        for (int batch = BATCH; batch > 0; deleted += batch) {
            batch = runs.deleteOld(retention, BATCH);
        }
        if (deleted > 0) {
            log.info("Deleted {} runs that ended more than {} ago", deleted, retention);
        }
        return deleted;
    }
}
