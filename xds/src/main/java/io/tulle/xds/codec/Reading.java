package io.tulle.xds.codec;

import io.tulle.xds.XdsCode;
import java.util.ArrayList;
import java.util.List;

/** One resource being decoded: knows every message opened so far, and so what nobody has read in the end. */
final class Reading {
    private static final int NAMED = 8;
    private final List<Node> opened = new ArrayList<>();

    void opened(Node node) {
        opened.add(node);
    }

    /** @throws Refused naming the fields that are set and were read by nobody */
    void requireAllRead() {
        var unread = opened.stream().flatMap(Node::unread).sorted().toList();
        if (unread.isEmpty()) return;
        var named = String.join(", ", unread.subList(0, Math.min(NAMED, unread.size())));
        var more = unread.size() > NAMED ? " and " + (unread.size() - NAMED) + " more" : "";
        throw new Refused(XdsCode.UNSUPPORTED, "set, but not supported here: " + named + more);
    }
}
