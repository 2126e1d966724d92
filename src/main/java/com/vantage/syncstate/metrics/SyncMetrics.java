package com.vantage.syncstate.metrics;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.database.RequestQueue;
import com.vantage.syncstate.metrics.SyncMetricsRepository.Channel;
import com.vantage.syncstate.metrics.SyncMetricsRepository.Sample;
import com.vantage.syncstate.metrics.SyncMetricsRepository.Watch;
import com.vantage.syncstate.sync.SyncStatus;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The states as metrics, read from the database when they are scraped: every instance reports the same, a deleted resource
 * is gone, and a lost database leaves {@code vantage_sync_database_up 0}.
 */
@Component
class SyncMetrics implements MultiCollector, SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(SyncMetrics.class);
    private static final List<String> STATUSES =
            Arrays.stream(SyncStatus.values()).map(SyncStatus::value).toList();
    private static final List<String> KINDS =
            Arrays.stream(AlertKind.values()).map(AlertKind::value).toList();

    private final SyncMetricsRepository repository;
    private final ObjectProvider<PrometheusRegistry> registry;

    SyncMetrics(SyncMetricsRepository repository, ObjectProvider<PrometheusRegistry> registry) {
        this.repository = repository;
        this.registry = registry;
    }

    /** There is no registry where the metrics are switched off. */
    @Override
    public void afterSingletonsInstantiated() {
        registry.ifAvailable(metrics -> metrics.register(this));
    }

    /** Under load as well, which is when it is looked at. */
    @Override
    public MetricSnapshots collect() {
        var collected = new AtomicReference<>(MetricSnapshots.of());
        RequestQueue.outOfTurn(() -> collected.set(read()));
        return Objects.requireNonNull(collected.get());
    }

    private MetricSnapshots read() {
        var up = gauge("vantage_sync_database_up", "1 if the database answered this scrape, else 0");
        try {
            List<Sample> samples = repository.samples();
            Watch watch = repository.watch();
            return all(up.dataPoint(point(1, Labels.EMPTY)).build(), samples, watch, repository.channels());
        } catch (DataAccessException lost) {
            log.warn(
                    "Scrape without the database; vantage_sync_database_up is 0: {}",
                    lost.getMostSpecificCause().getMessage());
            return MetricSnapshots.of(up.dataPoint(point(0, Labels.EMPTY)).build());
        }
    }

    private static MetricSnapshots all(GaugeSnapshot up, List<Sample> samples, Watch watch, List<Channel> channels) {
        var lastSuccess = gauge(
                "vantage_sync_last_success_timestamp_seconds",
                "When the last successful sync completed, in seconds since 1970; absent where there has been none");
        var duration = gauge(
                "vantage_sync_duration_seconds",
                "How long the latest run took; absent while it runs, and before the first");
        var records =
                gauge("vantage_sync_records", "Records of the last successful sync; absent where there has been none");
        var status = gauge("vantage_sync_status", "1 for the status that the resource has, 0 for the others");
        var alert = gauge("vantage_sync_alert", "1 for each kind of alert that the resource has, 0 for the others");
        for (Sample sample : samples) {
            Labels resource = Labels.of("resource", sample.resource());
            if (sample.lastSuccess() != null) {
                lastSuccess.dataPoint(point(sample.lastSuccess(), resource));
                records.dataPoint(point(sample.records(), resource));
            }
            if (sample.duration() != null) {
                duration.dataPoint(point(sample.duration(), resource));
            }
            STATUSES.forEach(value ->
                    status.dataPoint(point(value.equals(sample.status()) ? 1 : 0, resource.add("status", value))));
            KINDS.forEach(
                    kind -> alert.dataPoint(point(sample.alerts().contains(kind) ? 1 : 0, resource.add("kind", kind))));
        }
        var evaluated = gauge(
                "vantage_watch_last_evaluation_timestamp_seconds",
                "When the alerts were last evaluated, in seconds since 1970; absent before the first time");
        if (watch.evaluated() != null) {
            evaluated.dataPoint(point(watch.evaluated(), Labels.EMPTY));
        }
        var failing = gauge(
                "vantage_channel_failing", "1 for a channel whose last delivery failed or that is paused, else 0");
        var waiting = gauge(
                "vantage_notification_oldest_pending_seconds",
                "How long the oldest notification of the channel has waited that is to be sent, 0 where there is none");
        for (Channel channel : channels) {
            var labels = Labels.of("channel", channel.name());
            failing.dataPoint(point(channel.failing() ? 1 : 0, labels));
            waiting.dataPoint(point(channel.waiting(), labels));
        }
        var open = gauge("vantage_incidents_open", "How many incidents are open")
                .dataPoint(point(watch.errors(), Labels.of("severity", "error")))
                .dataPoint(point(watch.warnings(), Labels.of("severity", "warning")));
        return MetricSnapshots.of(
                up,
                lastSuccess.build(),
                duration.build(),
                records.build(),
                status.build(),
                alert.build(),
                evaluated.build(),
                open.build(),
                failing.build(),
                waiting.build());
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
        return GaugeSnapshot.builder().name(name).help(help);
    }

    private static GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
