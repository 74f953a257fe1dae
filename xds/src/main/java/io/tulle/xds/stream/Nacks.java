package io.tulle.xds.stream;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.tulle.xds.Culprit;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.wire.refusal.Refusal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The culprits of a NACK in its status: as our own message in the details, and as text for everybody else. */
final class Nacks {
    private static final int INVALID_ARGUMENT = 3;
    private static final int MOST = 100; // in one status, which travels in one message

    private Nacks() {}

    /**
     * The culprits that a client names.
     *
     * @param unread could not be read; refused until they change
     * @param unplanned could not be made a plan of, together with all the rest; over with the next ACK
     */
    record Named(List<Culprit> unread, List<Culprit> unplanned) {
        static final Named NOBODY = new Named(List.of(), List.of());

        boolean isEmpty() {
            return unread.isEmpty() && unplanned.isEmpty();
        }
    }

    static Status encode(List<Culprit> unread, List<Culprit> unplanned) {
        var refusal = Refusal.newBuilder();
        unread.stream().limit(MOST).forEach(each -> refusal.addCulprits(message(each)));
        unplanned.stream().limit(MOST).forEach(each -> refusal.addUnplanned(message(each)));
        var text = Stream.concat(unread.stream(), unplanned.stream())
                .limit(MOST)
                .map(Culprit::toString)
                .collect(Collectors.joining("; "));
        return Status.newBuilder()
                .setCode(INVALID_ARGUMENT)
                .setMessage(text)
                .addDetails(Any.pack(refusal.build()))
                .build();
    }

    /** Nobody when the client names none, or none that can be read: then the whole response counts as unapplied. */
    static Named decode(Status status) {
        for (var detail : status.getDetailsList()) {
            if (!detail.is(Refusal.class)) continue;
            try {
                var refusal = detail.unpack(Refusal.class);
                return new Named(culprits(refusal.getCulpritsList()), culprits(refusal.getUnplannedList()));
            } catch (InvalidProtocolBufferException e) {
                return Named.NOBODY;
            }
        }
        return Named.NOBODY;
    }

    private static io.tulle.xds.wire.refusal.Culprit message(Culprit culprit) {
        return io.tulle.xds.wire.refusal.Culprit.newBuilder()
                .setTypeUrl(culprit.type().url())
                .setName(culprit.name())
                .setCode(culprit.code())
                .setReason(culprit.reason())
                .build();
    }

    private static List<Culprit> culprits(List<io.tulle.xds.wire.refusal.Culprit> named) {
        return named.stream()
                .limit(MOST)
                .flatMap(each -> ResourceType.ofUrl(each.getTypeUrl())
                        .map(type -> new Culprit(type, each.getName(), each.getCode(), each.getReason()))
                        .stream())
                .toList();
    }
}
