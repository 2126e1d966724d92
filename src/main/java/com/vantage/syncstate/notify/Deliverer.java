package com.vantage.syncstate.notify;

import com.vantage.syncstate.incident.IncidentsChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Delivers what is in the outbox, on every instance: a thread a channel, so that a slow receiver holds up no other, and one
 * that watches them. The database gives each notification to one instance at a time.
 */
@Component
class Deliverer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Deliverer.class);

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration MAX_STOP = Duration.ofSeconds(3);

    private final Channels channels;
    private final Outbox outbox;
    private final ChannelSender sender;
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean running;

    Deliverer(Channels channels, Outbox outbox, ChannelSender sender) {
        this.channels = channels;
        this.outbox = outbox;
        this.sender = sender;
    }

    @EventListener
    void changed(IncidentsChanged change) {
        wake();
    }

    /** Looks at once for what is to be sent. */
    synchronized void wake() {
        workers.forEach(LockSupport::unpark);
    }

    @Override
    public synchronized void start() {
        running = true;
        for (Channel channel : channels.all()) {
            var mailbox = new ChannelMailbox(channel, outbox, sender);
            workers.add(new Worker("deliver-" + channel.name(), Duration.ofSeconds(1), () -> {
                while (running && mailbox.deliver()) {
                    // There may be more.
                }
            }));
        }
        workers.add(new Worker("watch-channels", WATCH_INTERVAL, () -> {
            if (outbox.watch() > 0) {
                wake();
            }
        }));
        workers.forEach(Thread::start);
    }

    /** What is under way is recorded where that does not take long; else another instance sends it again. */
    @Override
    public void stop() {
        running = false;
        List<Worker> ending;
        synchronized (this) {
            wake();
            ending = List.copyOf(workers);
            workers.clear();
        }
        long start = System.nanoTime();
        for (Worker worker : ending) {
            long left = MAX_STOP.toMillis()
                    - Duration.ofNanos(System.nanoTime() - start).toMillis();
            try {
                worker.join(Math.max(left, 1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Does its work again and again, whatever happens. */
    private final class Worker extends Thread {

        private final long pause;
        private final Runnable work;
        private boolean failing;

        Worker(String name, Duration pause, Runnable work) {
            super(name);
            setDaemon(true);
            this.pause = pause.toNanos();
            this.work = work;
        }

        @Override
        public void run() {
            while (running) {
                try {
                    work.run();
                    failing = false;
                } catch (Throwable e) {
                    // Whatever it is, the next time may succeed. Once for an outage: the log is not to fill up.
                    if (!failing && running) {
                        log.warn(
                                "Delivery of notifications failed; they wait in the database. Retrying automatically: {}",
                                NestedExceptionUtils.getMostSpecificCause(e).getMessage());
                    }
                    failing = true;
                }
                if (running) {
                    LockSupport.parkNanos(pause);
                }
            }
        }
    }
}
