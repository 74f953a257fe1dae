package io.tulle.control;

import io.tulle.control.api.KindTable;
import io.tulle.control.api.ServedKind;
import io.tulle.dialects.Kinds;
import io.tulle.dialects.kind.Kind;
import java.util.ArrayList;

/** Every kind that the dialects read, as the API serves it. */
final class ServedKinds {
    private ServedKinds() {}

    static KindTable all() {
        var standard = KindTable.standard();
        var all = new ArrayList<>(standard.kinds());
        for (var kind : Kinds.all()) {
            if (standard.of(kind.apiVersion(), kind.kind()).isEmpty()) all.add(served(kind));
        }
        return new KindTable(all);
    }

    private static ServedKind served(Kind kind) {
        var served = ServedKind.of(
                kind.apiVersion(), kind.kind(), kind.plural(), kind.shortNames().toArray(String[]::new));
        return kind.namespaced() ? served : served.clusterWide();
    }
}
