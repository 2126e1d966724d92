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
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader. It takes what is next from the board whenever its connection takes bytes, and never blocks: no thread is
 * held while a reader is slow.
 *
 * <p>A connection that takes nothing at all is ended by the server, after {@code server.tomcat.connection-timeout}.
 */
final class EventStream implements WriteListener, AsyncListener {

    private static final int SLICE = 16 * 1024;
    private static final byte[] COMMENT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final StateFeed board;
    private final Consumer<EventStream> atEnd;
    private final AsyncContext context;
    private final ServletOutputStream output;

    private long seen = StateFeed.NOTHING;
    private Iterator<byte[]> parts = Collections.emptyIterator();
    private byte @Nullable [] part;
    private int offset;
    private boolean open;
    private boolean ended;
    private boolean unflushed;
    private boolean commentIsDue;

    private EventStream(
            StateFeed board, Consumer<EventStream> atEnd, AsyncContext context, ServletOutputStream output) {
        this.board = board;
        this.atEnd = atEnd;
        this.context = context;
        this.output = output;
    }

    /** Answers the request with a stream of what the board shows, until the reader leaves. */
    static EventStream answer(
            HttpServletRequest request, HttpServletResponse response, StateFeed board, Consumer<EventStream> atEnd)
            throws IOException {
        AsyncContext context = request.startAsync(request, response);
        context.setTimeout(0);
        var stream = new EventStream(board, atEnd, context, response.getOutputStream());
        context.addListener(stream);
        return stream;
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

    /** Sends what there is, as far as the connection takes it now. */
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
    synchronized void beat() {
        commentIsDue = true;
        send();
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
        StateFeed.Batch batch = board.after(seen);
        if (batch != null) {
            parts = batch.parts().iterator();
            seen = batch.through();
        } else if (commentIsDue) {
            parts = List.of(COMMENT).iterator();
        } else {
            return false;
        }
        // Whatever is sent does what a comment is for.
        commentIsDue = false;
        nextPart();
        return true;
    }

    private void nextPart() {
        part = parts.hasNext() ? parts.next() : null;
        offset = 0;
    }

    /** After this returns, nothing is written: the server gives the response's objects to another request. */
    private synchronized void ended() {
        ended = true;
        part = null;
        parts = Collections.emptyIterator();
        atEnd.accept(this);
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
        // Nobody starts it anew.
    }
}
