package com.vantage.syncstate.incident;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.vantage.syncstate.run.RunProperties;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Deletes closed incidents, once they are older than runs are kept, each hour. */
@Configuration(proxyBeanMethods = false)
class IncidentRetention {

    private static final Logger log = LoggerFactory.getLogger(IncidentRetention.class);
    private static final Duration BETWEEN_DELETIONS = Duration.ofHours(1);
    private static final int BATCH = 500;

    private final IncidentRepository incidents;
    private final Duration retention;

    IncidentRetention(IncidentRepository incidents, RunProperties properties) {
        this.incidents = incidents;
        this.retention = properties.retention();
    }

    @Bean
    RecurringTask<Void> deleteOldIncidents() {
        return Tasks.recurring("delete-old-incidents", FixedDelay.of(BETWEEN_DELETIONS))
                .execute((instance, context) -> deleteOld());
    }

    /** Deletes all that are too old, batch by batch, and returns how many there were. */
    int deleteOld() {
        int deleted = 0;
        for (int batch = BATCH; batch > 0; deleted += batch) {
            batch = incidents.deleteOld(retention, BATCH);
        }
        if (deleted > 0) {
            log.info("Deleted {} incidents that were closed more than {} ago", deleted, retention);
        }
        return deleted;
    }
}
