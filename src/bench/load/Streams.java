import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Any number of readers of the event stream, read by one thread that keeps nothing of what they are sent. */
final class Streams implements AutoCloseable {

    private static final byte[] REQUEST =
            Connection.request("GET", "/sync-states", "Accept: text/event-stream\r\napikey: reader\r\n", "");

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Thread thread = new Thread(this::read);
    private volatile boolean closed;
    private volatile String wanted = "event: snapshot";
    private volatile int round;
    private volatile int reached;
    private volatile int ended;

    private Streams() throws IOException {}

    /** Opens them, and returns when each has had its snapshot. */
    static Streams open(int port, int number) throws Exception {
        var streams = new Streams();
        for (int i = 0; i < number; i++) {
            var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(REQUEST));
            channel.configureBlocking(false);
            channel.register(streams.selector, SelectionKey.OP_READ, new Seen());
            streams.channels.add(channel);
        }
        streams.thread.start();
        streams.await("snapshots", () -> streams.reached == number);
        return streams;
    }

    /** From now on counts the streams that are sent this text. */
    void want(String text) {
        wanted = text;
        reached = 0;
        round++;
    }

    /** Waits until every stream has been sent the text. */
    void awaitWanted() throws Exception {
        await(wanted, () -> reached == channels.size());
    }

    /** Waits until the service has ended every stream. */
    void awaitEnd() throws Exception {
        await("the end", () -> ended == channels.size());
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
        try {
            while (!closed) {
                selector.select(200);
                for (SelectionKey key : selector.selectedKeys()) {
                    buffer.clear();
                    int length;
                    try {
                        length = ((SocketChannel) key.channel()).read(buffer);
                    } catch (IOException e) {
                        length = -1;
                    }
                    if (length < 0) {
                        key.cancel();
                        ended++;
                    } else if (((Seen) key.attachment()).isFirst(round, buffer.array(), length, wanted)) {
                        reached++;
                    }
                }
                selector.selectedKeys().clear();
            }
            selector.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(String what, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Waited a minute for " + what + ": " + reached + " of "
                        + channels.size() + ", " + ended + " ended");
            }
            Thread.sleep(1);
        }
    }

    /** Whether a stream was sent a text in this round; a text that came in two pieces is found as well. */
    private static final class Seen {

        private int round = -1;
        private String rest = "";

        boolean isFirst(int current, byte[] bytes, int length, String text) {
            if (round == current) {
                return false;
            }
            String all = rest + new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            boolean found = all.contains(text);
            rest = found ? "" : all.substring(Math.max(0, all.length() - text.length()));
            round = found ? current : round;
            return found;
        }
    }
}
