package io.tulle.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.tulle.model.policy.Percentage;
import java.util.Optional;

/** Small messages that many resources share. */
final class Wellknown {
    /** The key of Tulle's facts in typed_filter_metadata. */
    static final String FACTS = "tulle";

    /** This same stream, API v3. */
    static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();

    private Wellknown() {}

    static BoolValue flag(boolean value) {
        return BoolValue.of(value);
    }

    static UInt32Value number(int value) {
        return UInt32Value.of(value);
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /** As bytes: a message that Envoy does not know would make its whole /config_dump fail. */
    static Metadata facts(Message facts) {
        return Metadata.newBuilder()
                .putTypedFilterMetadata(FACTS, Any.pack(BytesValue.of(facts.toByteString())))
                .build();
    }

    /** Tulle's facts of a resource; metadata of others is theirs, and ignored. */
    static Optional<Node> facts(Node owner, Message prototype) {
        return owner.child("metadata").flatMap(metadata -> {
            metadata.ignore("filter_metadata");
            return metadata.anyOfMap("typed_filter_metadata", FACTS)
                    .map(any -> metadata.unpack(any, "typed_filter_metadata." + FACTS, BytesValue.getDefaultInstance()))
                    .map(bytes -> bytes.parsed("value", prototype));
        });
    }

    static Address address(String address, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
                .build();
    }

    /** The socket address inside an Address; only TCP, only a number as the port. */
    static Node socket(Node address) {
        var socket = address.need("socket_address");
        if (!socket.choice("protocol").equals("TCP")) throw socket.unsupported("protocol");
        return socket;
    }

    static FractionalPercent share(Percentage share) {
        return FractionalPercent.newBuilder()
                .setNumerator(share.millionths())
                .setDenominator(FractionalPercent.DenominatorType.MILLION)
                .build();
    }

    static Percentage share(Node share) {
        var numerator = (long) share.number("numerator");
        var scale = switch (share.choice("denominator")) {
            case "HUNDRED" -> 10_000;
            case "TEN_THOUSAND" -> 100;
            default -> 1;
        };
        if (numerator * scale > 1_000_000) throw share.invalid("numerator", "is more than all");
        return new Percentage((int) (numerator * scale));
    }

    /** Requires that a resource is to come by this same stream. */
    static void requireAds(Node owner, String field) {
        var source = owner.need(field);
        source.ignore("resource_api_version", "initial_fetch_timeout"); // v3 is all there is; we wait for no fetch
        switch (source.which("config_source_specifier")) {
            case "ads", "self" -> source.ignore("ads", "self");
            case String other -> throw source.unsupported(other.isEmpty() ? "config_source_specifier" : other);
        }
    }
}
