package com.vantage.syncstate.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP as the server speaks it, with less memory for each connection (an answer is written whole, past the buffers in which
 * the server would collect it, and a stream would hold them for as long as it is open), sent from {@link SendBuffers}, and
 * with new connections taken as {@link Newcomers} are served.
 *
 * <p>Public, since the server makes it by its name.
 */
public final class HttpProtocol extends Http11NioProtocol {

    private static final int BYTES = 2 * 1024;

    public HttpProtocol() {
        super(new PacedEndpoint());
        // What is read goes into larger buffers, where there are any, without this one.
        setProperty("socket.appReadBufSize", String.valueOf(BYTES));
    }

    /** Of an answer's bytes, and as many characters. */
    @Override
    public int getDesiredBufferSize() {
        return BYTES;
    }

    private static final class PacedEndpoint extends NioEndpoint {

        /** Four megabytes at most. */
        private final SendBuffers buffers = new SendBuffers(64);

        private final Newcomers<SocketChannel> newcomers = Newcomers.asManyAsProcessors();

        @Override
        protected SocketChannel serverSocketAccept() throws Exception {
            newcomers.awaitRoom();
            SocketChannel accepted = super.serverSocketAccept();
            newcomers.add(accepted);
            return accepted;
        }

        @Override
        protected NioChannel createChannel(SocketBufferHandler usual) {
            return isSSLEnabled()
                    ? super.createChannel(usual)
                    : new Channel(new SendBuffer(usual.getReadBuffer().capacity(), buffers));
        }

        @Override
        protected SocketProcessorBase<NioChannel> createSocketProcessor(
                SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            return new Processor(connection, event);
        }

        private static final class Channel extends NioChannel {

            private final SendBuffer buffer;

            Channel(SendBuffer buffer) {
                super(buffer);
                this.buffer = buffer;
            }

            @Override
            public int write(ByteBuffer from) throws IOException {
                int written = super.write(from);
                buffer.sent(from);
                return written;
            }
        }

        private final class Processor extends SocketProcessor {

            Processor(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
                super(connection, event);
            }

            @Override
            protected void doRun() {
                // None where it is closed already.
                SocketChannel served = socketWrapper.getSocket().getIOChannel();
                try {
                    super.doRun();
                } finally {
                    if (served != null) {
                        newcomers.remove(served);
                    }
                }
            }
        }
    }
}
