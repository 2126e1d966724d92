package com.vantage.syncstate.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is delivered to one channel: claimed, sent outside of any transaction, and recorded. */
final class ChannelMailbox {

    private static final Logger log = LoggerFactory.getLogger(ChannelMailbox.class);

    private static final int MESSAGES = 20;

    /** Of a message for people, who read no more; the rest follows. */
    private static final int EVENTS = 500;

    /** With the longest message after it, less than the 90 s of a claim. */
    private static final Duration MAX = Duration.ofSeconds(60);

    private final Channel channel;
    private final Outbox outbox;
    private final ChannelSender sender;

    ChannelMailbox(Channel channel, Outbox outbox, ChannelSender sender) {
        this.channel = channel;
        this.outbox = outbox;
        this.sender = sender;
    }

    /** Delivers what is due; false where nothing was. */
    boolean deliver() {
        long start = System.nanoTime();
        List<Notification> claimed = outbox.claim(channel.name(), channel.kind().isGrouped() ? EVENTS : MESSAGES);
        if (claimed.isEmpty()) {
            return false;
        }
        for (List<Notification> message : messages(claimed)) {
            if (System.nanoTime() - start > MAX.toNanos()) {
                outbox.release(message);
            } else {
                deliver(message);
            }
        }
        return true;
    }

    private void deliver(List<Notification> message) {
        Delivery delivery = sender.send(channel, message);
        outbox.record(channel.name(), message, delivery);
        if (delivery.error() != null) {
            log.warn(
                    "Notification to {} not delivered ({} events, the first is {}): {}",
                    channel.name(),
                    message.size(),
                    message.get(0).eventId(),
                    delivery.error());
        }
    }

    /** A test is sent alone, so that its outcome is its own. */
    private List<List<Notification>> messages(List<Notification> claimed) {
        if (!channel.kind().isGrouped()) {
            return claimed.stream().map(List::of).toList();
        }
        List<List<Notification>> messages = new ArrayList<>();
        claimed.stream().filter(Notification::isTest).forEach(test -> messages.add(List.of(test)));
        List<Notification> events =
                claimed.stream().filter(each -> !each.isTest()).toList();
        if (!events.isEmpty()) {
            messages.add(events);
        }
        return messages;
    }
}
