package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.vantage.syncstate.notify.Delivery.Outcome;
import com.vantage.syncstate.support.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a message whose receiver does not come to an end. */
class HttpSenderTest {

    private final CountDownLatch hungUp = new CountDownLatch(1);

    /** No pause between two bytes is long enough for a time-out of the connection. */
    @Test
    void hangsUpOnAnAnswerThatTrickles() throws Exception {
        var sender = new HttpSender(Duration.ofSeconds(1));
        try (var receiver = new Receiver()) {
            receiver.on("/slow", this::trickle);

            Delivery delivery = sender.send(
                    TestChannel.webhook(receiver.url("/slow"), TestChannel.SECRET),
                    new Message(Map.of(), new byte[] {'x'}));

            assertThat(delivery.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(delivery.status()).isNull();
            assertThat(delivery.error()).isEqualTo("The receiver did not answer within 1 s");
            assertThat(hungUp.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            sender.destroy();
        }
    }

    @Test
    void hangsUpOnWhoAnswersNothing() throws Exception {
        var sender = new HttpSender(Duration.ofSeconds(1));
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = TestChannel.webhook("http://127.0.0.1:" + silent.getLocalPort(), TestChannel.SECRET);

            Delivery delivery = sender.send(channel, new Message(Map.of(), new byte[] {'x'}));

            assertThat(delivery.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(delivery.error()).isEqualTo("The receiver did not answer within 1 s");
        } finally {
            sender.destroy();
        }
    }

    private void trickle(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            while (!hungUp.await(20, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
            }
        } catch (IOException e) {
            hungUp.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
