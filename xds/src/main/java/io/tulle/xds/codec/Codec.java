package io.tulle.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.tulle.xds.XdsCode;
import io.tulle.xds.codec.Decoded.Accepted;
import io.tulle.xds.codec.Decoded.Rejected;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.wire.name.Destination;
import io.tulle.xds.wire.name.Name;
import io.tulle.xds.wire.peer.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The door of this package: a spec to its resource and back. */
public final class Codec {
    private Codec() {}

    /** The same spec gives the same bytes, always: maps are written in order. */
    public static Resource encode(Spec spec) {
        var bytes = bytes(message(spec));
        var any = Any.newBuilder().setTypeUrl(spec.type().url()).setValue(bytes).build();
        return new Resource(spec.type(), spec.name(), version(spec.type(), bytes), any);
    }

    /** A name is told together with thousands, and is compared only with the one that it was before. */
    private static String version(ResourceType type, ByteString bytes) {
        var digest = Digest.of(bytes);
        return type == ResourceType.NAME ? digest.substring(0, digest.length() / 2) : digest;
    }

    /**
     * Reads one resource strictly: what is set and not acted on is refused.
     *
     * @param name the name on the envelope; empty when it has none (state of the world)
     */
    public static Decoded decode(ResourceType type, String name, Any any) {
        var known = name.isEmpty() ? "(unnamed)" : name;
        if (!any.getTypeUrl().equals(type.url())) {
            return new Rejected(known, XdsCode.MALFORMED.code(), "is a " + any.getTypeUrl() + ", not a " + type.url());
        }
        try {
            var message = prototype(type).getParserForType().parseFrom(any.getValue());
            var reading = new Reading();
            var spec = decode(type, name, new Node(message, "", reading));
            reading.requireAllRead();
            if (!name.isEmpty() && !spec.name().equals(name)) {
                return new Rejected(known, XdsCode.MISNAMED.code(), "calls itself " + spec.name());
            }
            return new Accepted(spec);
        } catch (InvalidProtocolBufferException e) {
            return new Rejected(known, XdsCode.MALFORMED.code(), "cannot be read: " + e.getMessage());
        } catch (Refused refused) {
            return new Rejected(known, refused.code(), refused.reason());
        } catch (IllegalArgumentException | PatternSyntaxException | ArithmeticException e) {
            return new Rejected(known, XdsCode.INVALID.code(), String.valueOf(e.getMessage())); // a record's own law
        } catch (RuntimeException | StackOverflowError e) { // ours to mend; the stream goes on meanwhile
            return new Rejected(known, XdsCode.INVALID.code(), "cannot be read: " + e);
        }
    }

    /** Reads what was encoded, as a client of ours would. */
    public static Decoded decode(Resource encoded) {
        return decode(encoded.type(), encoded.name(), encoded.any());
    }

    private static Message message(Spec spec) {
        return switch (spec) {
            case ListenerSpec listener -> ListenerEncoder.encode(listener);
            case RouteTableSpec routes -> RoutesEncoder.encode(routes);
            case ClusterSpec cluster -> ClusterEncoder.encode(cluster);
            case EndpointsSpec endpoints -> Endpoints.encode(endpoints);
            case TrustSpec trust -> Trust.encode(trust);
            case CertificateSpec certificate -> Trust.encode(certificate);
            case DestinationSpec _ -> Destination.getDefaultInstance();
            case NameSpec name -> HostNames.encode(name);
            case PeerSpec peer -> Peers.encode(peer);
        };
    }

    private static Spec decode(ResourceType type, String name, Node node) {
        return switch (type) {
            case LISTENER -> ListenerDecoder.decode(node);
            case ROUTES -> RoutesDecoder.decode(node);
            case CLUSTER -> ClusterDecoder.decode(node);
            case ENDPOINTS -> Endpoints.decode(node);
            case SECRET -> Trust.decode(node);
            case DESTINATION -> new DestinationSpec(name, true);
            case NAME -> HostNames.decode(name, node);
            case PEER -> Peers.decode(node);
        };
    }

    private static Message prototype(ResourceType type) {
        return switch (type) {
            case LISTENER -> Listener.getDefaultInstance();
            case ROUTES -> RouteConfiguration.getDefaultInstance();
            case CLUSTER -> Cluster.getDefaultInstance();
            case ENDPOINTS -> ClusterLoadAssignment.getDefaultInstance();
            case SECRET -> Secret.getDefaultInstance();
            case DESTINATION -> Destination.getDefaultInstance();
            case NAME -> Name.getDefaultInstance();
            case PEER -> Peer.getDefaultInstance();
        };
    }

    private static ByteString bytes(Message message) {
        var bytes = new byte[message.getSerializedSize()];
        var out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array of the right size does not fail
        }
        out.checkNoSpaceLeft();
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
