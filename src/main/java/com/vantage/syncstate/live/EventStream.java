package com.vantage.syncstate.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client. It sends what is next in the feed whenever its connection accepts bytes, and never blocks: a
 * slow client holds no thread.
 *
 * <p>A connection that accepts nothing at all is closed by the server, after {@code server.tomcat.connection-timeout}.
 */
final class EventStream implements WriteListener, AsyncListener {

    private static final int SLICE = 16 * 1024;
    private static final byte[] COMMENT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final StateFeed feed;
    private final Runnable onEnd;
    private final @Nullable Instant until;
    private final AsyncContext context;
    private final ServletOutputStream output;

    private long seen = StateFeed.NOTHING;
    private Iterator<byte[]> parts = Collections.emptyIterator();
    private byte @Nullable [] part;
    private int offset;
    private boolean open;
    private boolean ended;
    private boolean unflushed;
    private boolean commentDue;

    /**
     * Makes a stream of what the feed holds the answer to a request, until the client disconnects.
     *
     * @param until when the stream ends at the latest; null for never
     * @param onEnd called once
     */
    EventStream(
            HttpServletRequest request,
            HttpServletResponse response,
            StateFeed feed,
            @Nullable Instant until,
            Consumer<EventStream> onEnd)
            throws IOException {
        this.feed = feed;
        this.until = until;
        this.onEnd = () -> onEnd.accept(this);
        this.output = response.getOutputStream();
        this.context = request.startAsync(request, response);
        context.setTimeout(0);
        context.addListener(this);
    }

    /** Begins to send, once the request's own thread is done. */
    void begin() {
        output.setWriteListener(this);
    }

    @Override
    public synchronized void onWritePossible() {
        open = true;
        send();
    }

    /** Sends what there is, as far as the connection accepts it now. */
    synchronized void send() {
        if (!open || ended) {
            return;
        }
        try {
            // Where the connection is not ready, the server calls onWritePossible when it is.
            while (output.isReady()) {
                if (part != null) {
                    int length = Math.min(SLICE, part.length - offset);
                    output.write(part, offset, length);
                    unflushed = true;
                    offset += length;
                    if (offset == part.length) {
                        nextPart();
                    }
                } else if (unflushed) {
                    output.flush();
                    unflushed = false;
                } else if (!nextBatch()) {
                    return;
                }
            }
        } catch (IOException | IllegalStateException e) {
            end();
        }
    }

    /** Sends what is next, or else a comment, so that both ends notice when the connection is lost. */
    synchronized void heartbeat() {
        commentDue = true;
        send();
    }

    boolean isPast(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /** Ends the stream; whatever was not sent yet is not. */
    synchronized void end() {
        if (!ended) {
            ended();
            try {
                context.complete();
            } catch (IllegalStateException e) {
                // The server has ended it already.
            }
        }
    }

    private boolean nextBatch() {
        StateFeed.Batch batch = feed.after(seen);
        if (batch != null) {
            parts = batch.parts().iterator();
            seen = batch.through();
        } else if (commentDue) {
            parts = List.of(COMMENT).iterator();
        } else {
            return false;
        }
        // Whatever is sent serves as the comment.
        commentDue = false;
        nextPart();
        return true;
    }

    private void nextPart() {
        part = parts.hasNext() ? parts.next() : null;
        offset = 0;
    }

    /** After this returns, nothing is written: the server gives the response's objects to another request. */
    private synchronized void ended() {
        if (!ended) {
            ended = true;
            part = null;
            parts = Collections.emptyIterator();
            onEnd.run();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        ended();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // It is never restarted.
    }
}
