package io.tulle.control.api;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only this user's and root's processes keep a connection to the Unix socket: the kernel says whose they are. */
final class SocketPeers {
    private static final Logger LOG = LoggerFactory.getLogger(SocketPeers.class);

    private final Path socket;

    SocketPeers(Path socket) {
        this.socket = socket;
    }

    void admit(ChannelPipeline pipeline) {
        if (!(pipeline.channel() instanceof DomainSocketChannel channel)) return;
        try {
            if (channel instanceof EpollDomainSocketChannel epoll
                    && isOurs(epoll.peerCredentials().uid())) return;
            LOG.warn("code={} a peer of the API's socket is another user's", ApiCode.NO_CREDENTIAL.code());
        } catch (IOException e) {
            LOG.warn("code={} a peer of the API's socket is unknown", ApiCode.NO_CREDENTIAL.code(), e);
        }
        channel.close();
    }

    private boolean isOurs(int uid) throws IOException {
        return uid == 0 || uid == (Integer) Files.getAttribute(socket, "unix:uid");
    }
}
