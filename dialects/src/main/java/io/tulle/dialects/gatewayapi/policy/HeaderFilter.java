package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.dialects.kind.Repeats;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RequestHeaderModifier and ResponseHeaderModifier. */
enum HeaderFilter implements FilterReader {
    REQUEST("RequestHeaderModifier", "requestHeaderModifier"),
    RESPONSE("ResponseHeaderModifier", "responseHeaderModifier");

    private static final int LONGEST_VALUE = 4096;

    private final String type;
    private final String field;

    HeaderFilter(String type, String field) {
        this.type = type;
        this.field = field;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String field() {
        return field;
    }

    @Override
    public boolean mayRepeat() {
        return false;
    }

    @Override
    public Optional<HeaderPolicy> read(FieldReader configuration, Context context) {
        var edits = edits(configuration);
        return switch (this) {
            case REQUEST -> HeaderPolicy.of(edits, HeaderEdits.NONE);
            case RESPONSE -> HeaderPolicy.of(HeaderEdits.NONE, edits);
        };
    }

    private static HeaderEdits edits(FieldReader edits) {
        var remove = edits.texts("remove");
        remove.forEach(name -> HttpWords.checkName(edits, "remove", name));
        Repeats.report(edits, "remove", remove);
        return new HeaderEdits(headers(edits, "set"), headers(edits, "add"), remove);
    }

    private static List<HeaderEdits.Header> headers(FieldReader edits, String field) {
        var written = new ArrayList<String>();
        var headers = edits.objects(field, header -> header(header, written));
        Repeats.report(edits, field, written);
        return headers;
    }

    private static HeaderEdits.Header header(FieldReader header, List<String> written) {
        var name = header.requiredText("name");
        written.add(name);
        var value = header.requiredText("value");
        if (!name.isEmpty()) HttpWords.checkName(header, "name", name);
        HttpWords.checkValue(header, "value", value);
        HttpWords.checkLength(header, "value", value, LONGEST_VALUE);
        return new HeaderEdits.Header(name, value);
    }
}
