package io.tulle.xds.wire;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.tulle.xds.wire.holding.EndNoted;
import io.tulle.xds.wire.holding.EndOfRun;
import io.tulle.xds.wire.holding.Hear;
import io.tulle.xds.wire.holding.Say;
import io.tulle.xds.wire.join.JoinReply;
import io.tulle.xds.wire.join.JoinRequest;
import io.tulle.xds.wire.join.RenewRequest;

/** The methods of our services, as gRPC knows them; the .proto files are the contract. */
public final class Methods {
    public static final String JOIN_SERVICE = "tulle.join.v1.Join";
    public static final String REGISTRY_SERVICE = "tulle.registry.v1.Registry";

    public static final MethodDescriptor<JoinRequest, JoinReply> JOIN = method(
            JOIN_SERVICE, "Join", MethodType.UNARY, JoinRequest.getDefaultInstance(), JoinReply.getDefaultInstance());
    public static final MethodDescriptor<RenewRequest, JoinReply> RENEW = method(
            JOIN_SERVICE, "Renew", MethodType.UNARY, RenewRequest.getDefaultInstance(), JoinReply.getDefaultInstance());
    public static final MethodDescriptor<Say, Hear> HOLD = method(
            REGISTRY_SERVICE, "Hold", MethodType.BIDI_STREAMING, Say.getDefaultInstance(), Hear.getDefaultInstance());
    public static final MethodDescriptor<EndOfRun, EndNoted> REPORT_END = method(
            REGISTRY_SERVICE,
            "ReportEnd",
            MethodType.UNARY,
            EndOfRun.getDefaultInstance(),
            EndNoted.getDefaultInstance());

    private Methods() {}

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
            String service, String name, MethodType type, Q request, R response) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(response))
                .build();
    }
}
