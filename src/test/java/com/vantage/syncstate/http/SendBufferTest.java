package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a connection has to send, in a buffer that it has for no longer than that. */
class SendBufferTest {

    private final SendBuffers buffers = new SendBuffers(1);
    private final SendBuffer first = new SendBuffer(16, buffers);
    private final SendBuffer second = new SendBuffer(16, buffers);

    @Test
    void isNoneUntilSomethingIsWritten() {
        assertThat(first.isWriteBufferEmpty()).isTrue();
        assertThat(first.isWriteBufferWritable()).isTrue();
        assertThat(first.getWriteBuffer().capacity()).isZero();

        first.configureWriteBufferForRead();

        assertThat(send(first, Integer.MAX_VALUE)).isEmpty();
        assertThat(first.isWriteBufferEmpty()).isTrue();
    }

    @Test
    void isLargeForAsManyAsMayHaveOneAndSmallForOthers() {
        write(first, "one");
        write(second, "two");

        assertThat(first.getWriteBuffer().capacity()).isEqualTo(SendBuffers.LARGE);
        assertThat(second.getWriteBuffer().capacity()).isEqualTo(SendBuffers.SMALL);
        assertThat(send(second, 3)).isEqualTo("two");
        assertThat(send(first, 3)).isEqualTo("one");
    }

    @Test
    void isGivenBackOnceAllIsSent() {
        write(first, "one");
        send(first, 3);

        write(second, "two");

        assertThat(first.getWriteBuffer().capacity()).isZero();
        assertThat(second.getWriteBuffer().capacity()).isEqualTo(SendBuffers.LARGE);
    }

    /** A stream that is read slowly has something to send all the time. */
    @Test
    void isSmallWhereTheConnectionDidNotAcceptAllThatWasSentLately() {
        write(first, "abc");
        send(first, 1);
        send(first, 2);

        write(first, "def");
        assertThat(first.getWriteBuffer().capacity()).isEqualTo(SendBuffers.SMALL);
        for (int i = 0; i < 64; i++) {
            assertThat(send(first, 3)).isEqualTo("def");
            write(first, "def");
        }
        assertThat(first.getWriteBuffer().capacity()).isEqualTo(SendBuffers.LARGE);
    }

    @Test
    void isLargeForTheNextConnectionHoweverSlowTheOneBeforeWas() {
        write(first, "abc");
        send(first, 1);

        first.reset();
        write(first, "def");

        assertThat(first.getWriteBuffer().capacity()).isEqualTo(SendBuffers.LARGE);
    }

    @Test
    void keepsWhatTheConnectionDidNotAccept() {
        write(first, "abcdef");
        assertThat(send(first, 2)).isEqualTo("ab");
        assertThat(first.isWriteBufferEmpty()).isFalse();
        assertThat(first.isWriteBufferWritable()).isFalse();

        write(first, "gh");

        assertThat(first.isWriteBufferWritable()).isTrue();
        assertThat(send(first, 6)).isEqualTo("cdefgh");
        assertThat(first.isWriteBufferEmpty()).isTrue();
        assertThat(first.isWriteBufferWritable()).isTrue();
    }

    @Test
    void isFullWhereNothingIsSent() {
        write(first, "x".repeat(SendBuffers.LARGE));

        assertThat(first.isWriteBufferWritable()).isFalse();
    }

    /** The server asks whoever has sent it whether anything is left, when others may have the buffer already. */
    @Test
    void hasNothingLeftForWhoeverGaveItBack() {
        write(first, "one");
        first.configureWriteBufferForRead();
        ByteBuffer sent = first.getWriteBuffer();
        sent.position(sent.limit());
        first.sent(sent);

        write(second, "two");

        assertThat(sent.hasRemaining()).isFalse();
    }

    @Test
    void isNotLentAgainWhereItsConnectionEndsBeforeAllIsSent() {
        write(first, "one");
        first.configureWriteBufferForRead();
        ByteBuffer onItsWay = first.getWriteBuffer();
        first.reset();

        write(second, "two");

        assertThat(second.getWriteBuffer().capacity()).isEqualTo(SendBuffers.LARGE);
        assertThat(text(onItsWay)).isEqualTo("one");
    }

    /** A connection that ended goes on to send, while another has its place. */
    @Test
    void isLeftToTheNextConnectionByTheEndOfTheOneBefore() {
        write(first, "one");
        first.configureWriteBufferForRead();
        ByteBuffer onItsWay = first.getWriteBuffer();
        first.reset();
        write(first, "next");

        onItsWay.position(onItsWay.limit());
        first.sent(onItsWay);

        assertThat(send(first, 4)).isEqualTo("next");
    }

    private static void write(SendBuffer buffer, String text) {
        buffer.configureWriteBufferForWrite();
        buffer.getWriteBuffer().put(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends as much as the connection accepts. */
    private static String send(SendBuffer buffer, int accepted) {
        buffer.configureWriteBufferForRead();
        ByteBuffer from = buffer.getWriteBuffer();
        byte[] sent = new byte[Math.min(accepted, from.remaining())];
        from.get(sent);
        buffer.sent(from);
        return new String(sent, StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.US_ASCII.decode(bytes).toString();
    }
}
