package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderEdits.Header;
import io.tulle.xds.XdsCode;
import java.util.ArrayList;
import java.util.List;

/** Header edits; Envoy, too, removes first. A percent sign opens a command in Envoy, so that ours are doubled. */
final class Headers {
    private Headers() {}

    static List<HeaderValueOption> encode(HeaderEdits edits) {
        var all = new ArrayList<HeaderValueOption>();
        edits.set().forEach(header -> all.add(option(header, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
        edits.add().forEach(header -> all.add(option(header, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
        return all;
    }

    static HeaderEdits decode(Node owner, String adds, String removes) {
        var set = new ArrayList<Header>();
        var add = new ArrayList<Header>();
        for (var option : owner.children(adds)) {
            option.ignore("keep_empty_value"); // kept always
            (appends(option) ? add : set).add(header(option.need("header")));
        }
        var edits = new HeaderEdits(set, add, owner.texts(removes));
        return edits.isEmpty() ? HeaderEdits.NONE : edits;
    }

    private static HeaderValueOption option(Header header, HeaderAppendAction action) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder()
                        .setKey(header.name())
                        .setValue(header.value().replace("%", "%%")))
                .setAppendAction(action)
                .setKeepEmptyValue(header.value().isEmpty())
                .build();
    }

    private static boolean appends(Node option) {
        var old = option.wrappedFlag("append"); // deprecated, still sent by some
        var action = option.choice("append_action");
        if (old.isPresent()) return old.get();
        return switch (action) {
            case "APPEND_IF_EXISTS_OR_ADD" -> true;
            case "OVERWRITE_IF_EXISTS_OR_ADD" -> false;
            default -> throw option.unsupported("append_action");
        };
    }

    private static Header header(Node header) {
        var name = header.name("key");
        var value = header.text("value");
        if (value.replace("%%", "").contains("%")) {
            throw new Refused(
                    XdsCode.UNSUPPORTED, "header " + name + ": commands such as %START_TIME% are not supported");
        }
        return new Header(name, value.replace("%%", "%"));
    }
}
