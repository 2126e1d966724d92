package com.vantage.syncstate.database;

import com.vantage.syncstate.error.RequestRejected;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Reads of one row each: those that arrive while rows are being read go together in the next statement.
 *
 * <p>Whoever comes alone reads at once. No answer is older than its request, since a statement that has begun is never
 * joined. Where a statement of several fails for another reason than a database that is unavailable or has too much to do,
 * each of them reads alone, so that one who asks for what cannot be read fails alone.
 *
 * @param <G> what rows have in common that can be read by one statement
 * @param <K> names a row among these
 */
public final class ReadBatcher<G, K, V> {

    /** Any of them may have a report of megabytes, and all are in memory at once. */
    static final int MAX_BATCH = 32;

    private final Duration patience;

    /** The latest batch of each group. */
    private final Map<G, Batch<K, V>> latest = new HashMap<>();

    public ReadBatcher() {
        this(Duration.ofMillis(100));
    }

    /** @param patience a batch that takes longer may hang on a lost connection: the next goes on without it */
    ReadBatcher(Duration patience) {
        this.patience = patience;
    }

    /**
     * Answers with one row, null where there is none.
     *
     * @param database finds rows, of this caller and others
     * @throws RuntimeException that of the statement
     */
    public @Nullable V read(G group, K key, Function<Set<K>, Map<K, V>> database) {
        Batch<K, V> before;
        Batch<K, V> mine;
        boolean isMine = true;
        synchronized (latest) {
            before = latest.get(group);
            if (before != null && before.join(key)) {
                mine = before;
                isMine = false;
            } else {
                mine = new Batch<>(key, before == null);
                latest.put(group, mine);
            }
        }
        if (isMine) {
            run(group, before, mine, database);
        }
        try {
            return mine.result(key);
        } catch (DataAccessResourceFailureException | RequestRejected e) {
            throw e;
        } catch (RuntimeException e) {
            if (mine.keys.size() == 1) {
                throw e;
            }
            return database.apply(Set.of(key)).get(key);
        }
    }

    private void run(G group, @Nullable Batch<K, V> before, Batch<K, V> mine, Function<Set<K>, Map<K, V>> database) {
        try {
            if (before != null) {
                before.await(patience);
            }
            synchronized (latest) {
                mine.begun = true;
            }
            mine.complete(database.apply(mine.keys));
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
        } finally {
            synchronized (latest) {
                latest.remove(group, mine);
            }
        }
    }

    /** Those who go together. */
    private static final class Batch<K, V> extends CompletableFuture<Map<K, V>> {

        private final Set<K> keys = new LinkedHashSet<>();
        private final long created = System.nanoTime();
        private boolean begun;

        /** @param begun whether it waits for no other */
        Batch(K first, boolean begun) {
            this.begun = begun;
            keys.add(first);
        }

        /** Whether it takes one more. */
        boolean join(K key) {
            if (begun || keys.size() >= MAX_BATCH) {
                return false;
            }
            keys.add(key);
            return true;
        }

        @Nullable
        V result(K key) {
            try {
                return join().get(key);
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }

        /** @param patience since this one was made, so that no queue of those that hang adds up */
        void await(Duration patience) {
            try {
                get(Math.max(0, patience.toNanos() - (System.nanoTime() - created)), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // Whatever became of it, the next one reads for itself.
            }
        }
    }
}
