package io.tulle.proxy.originate;

import io.netty.handler.ssl.NotSslRecordException;
import io.tulle.proxy.message.Reason;
import io.tulle.xds.RootCause;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why there is no TLS to a server outside the mesh; its message is for whoever asked, and for the log. */
public final class OriginationFailed extends Exception {
    private final Reason reason;

    OriginationFailed(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What a failed handshake comes to; other failures of a connection stay as they are. */
    public static Throwable of(Throwable handshake) {
        return switch (RootCause.deepest(handshake)) {
            case CertificateException refused ->
                new OriginationFailed(Reason.UNTRUSTED_SERVER, String.valueOf(refused.getMessage()));
            case NotSslRecordException _ ->
                new OriginationFailed(Reason.TLS_FAILED, "the server answered with something that is not TLS");
            case ClosedChannelException _ -> new OriginationFailed(Reason.TLS_FAILED, "the server hung up");
            case SSLException other -> new OriginationFailed(Reason.TLS_FAILED, String.valueOf(other.getMessage()));
            case Throwable other -> other;
        };
    }
}
