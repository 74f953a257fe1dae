package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The end of a message that was too large to be kept: Nest writes the id last, so its refusal can name it. */
final class MessageTail {
    /** Behind it there may be metadata, where a hook adds that when the message is written. */
    private static final Pattern ID =
            Pattern.compile(",\\s*\"id\"\\s*:\\s*(\"(?:[^\"\\\\\\p{Cntrl}]|\\\\.){0,250}\"|-?\\d{1,20})"
                    + "\\s*(?:,\\s*\"metadata\"\\s*:\\s*\\{[^{}]*}\\s*)?}\\s*$");

    private MessageTail() {}

    static Optional<CallId> id(ByteBuf tail) {
        var found = ID.matcher(tail.toString(StandardCharsets.UTF_8));
        if (!found.find()) return Optional.empty();
        try {
            return Optional.of(CallId.of(found.group(1)));
        } catch (MalformedMessage unusable) {
            return Optional.empty();
        }
    }
}
