package com.vantage.syncstate.run;

import com.vantage.syncstate.http.ETagBuilder;
import java.io.ByteArrayOutputStream;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last runs of all resources as JSON, of which only those are read and encoded anew whose state has changed since the
 * last answer: a run that ends changes its state. Where memory is short, nothing is kept.
 */
@Component
class RecentRunsCache {

    /** What retention deletes, and what follows a renamed resource, changes no state: nothing is kept for longer than this. */
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    /** From this part of all on, one read of all costs less than a read of those. */
    private static final double MANY = 0.5;

    private final RecentRunsRepository runs;
    private final JsonMapper json;
    private volatile SoftReference<Kept> kept = new SoftReference<>(null);

    RecentRunsCache(RecentRunsRepository runs, JsonMapper json) {
        this.runs = runs;
        this.json = json;
    }

    /** In the order of the names, none older than this call but for what {@link #MAX_AGE} allows. */
    Answer read() {
        Kept before = kept.get();
        long start = System.nanoTime();
        // Read first: what changes after that is read again the next time.
        Map<String, Instant> versions = runs.versions();
        if (before == null || start - before.since() > MAX_AGE.toNanos()) {
            before = new Kept(start, Map.of());
        }
        List<String> changed = changed(before.entries(), versions);
        var entries = new TreeMap<String, Entry>();
        for (String resource : versions.keySet()) {
            Entry entry = before.entries().get(resource);
            if (entry != null) {
                entries.put(resource, entry);
            }
        }
        changed.forEach(entries::remove);
        for (RecentRuns found : find(changed, versions.size())) {
            Instant version = versions.get(found.resource());
            if (version != null && !entries.containsKey(found.resource())) {
                entries.put(found.resource(), Entry.of(version, json.writeValueAsBytes(found)));
            }
        }
        kept = new SoftReference<>(new Kept(before.since(), entries));
        return Answer.of(entries.values());
    }

    private static List<String> changed(Map<String, Entry> entries, Map<String, Instant> versions) {
        List<String> changed = new ArrayList<>();
        versions.forEach((resource, version) -> {
            Entry entry = entries.get(resource);
            if (entry == null || !entry.version().equals(version)) {
                changed.add(resource);
            }
        });
        return changed;
    }

    private List<RecentRuns> find(List<String> changed, int of) {
        if (changed.isEmpty()) {
            return List.of();
        }
        return runs.list(changed.size() > MANY * of ? null : changed);
    }

    /** @param since when the oldest of them was read */
    private record Kept(long since, Map<String, Entry> entries) {}

    /** @param tag names what the JSON says */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(Instant version, String tag, byte[] json) {

        static Entry of(Instant version, byte[] json) {
            return new Entry(version, new ETagBuilder().add(json).value(), json);
        }
    }

    /** The list as JSON, with its ETag. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(String tag, byte[] json) {

        private static Answer of(Collection<Entry> entries) {
            var tag = new ETagBuilder();
            var json = new ByteArrayOutputStream(2
                    + entries.stream()
                            .mapToInt(entry -> entry.json().length + 1)
                            .sum());
            json.write('[');
            for (Entry entry : entries) {
                if (json.size() > 1) {
                    json.write(',');
                }
                json.writeBytes(entry.json());
                tag.add(entry.tag());
            }
            json.write(']');
            return new Answer(tag.value(), json.toByteArray());
        }
    }
}
