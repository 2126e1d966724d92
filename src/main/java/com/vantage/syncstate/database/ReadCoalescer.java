package com.vantage.syncstate.database;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads that arrive while an equal one is running share the next.
 *
 * <p>So any number of readers cost what one does, and no answer is older than its request: unlike a cache, a read that has
 * begun is never joined.
 *
 * @param <K> what is read; reads with equal keys are alike
 */
public final class ReadCoalescer<K, V> {

    private final Duration patience;

    /** The latest read of each key that has begun. */
    private final Map<K, Read<V>> running = new HashMap<>();

    public ReadCoalescer() {
        this(Duration.ofMillis(500));
    }

    /** @param patience a read that takes longer may hang on a lost connection: whoever waits for it goes on without it */
    ReadCoalescer(Duration patience) {
        this.patience = patience;
    }

    /**
     * Answers with what {@code database} brings, run by this caller or by another after this one has asked.
     *
     * @throws RuntimeException that of the read, for all who share it
     */
    public V read(K key, Supplier<V> database) {
        Read<V> before;
        Read<V> mine;
        boolean isMine = true;
        synchronized (running) {
            before = running.get(key);
            if (before == null) {
                mine = new Read<>();
                running.put(key, mine);
            } else if (before.next == null) {
                mine = new Read<>();
                before.next = mine;
            } else {
                mine = before.next;
                isMine = false;
            }
        }
        if (isMine) {
            run(key, before, mine, database);
        }
        return mine.result();
    }

    private void run(K key, @Nullable Read<V> before, Read<V> mine, Supplier<V> database) {
        try {
            if (before != null) {
                before.await(patience);
            }
            synchronized (running) {
                running.put(key, mine);
            }
            mine.complete(database.get());
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
        } finally {
            synchronized (running) {
                if (mine.next == null) {
                    running.remove(key, mine);
                }
            }
        }
    }

    /** A read, and who waits for the one after it. */
    private static final class Read<V> extends CompletableFuture<V> {

        private @Nullable Read<V> next;

        V result() {
            try {
                return join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw e;
            }
        }

        void await(Duration patience) {
            try {
                get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // Whatever became of it, the next one reads for itself.
            }
        }
    }
}
