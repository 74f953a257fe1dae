package io.tulle.dialects.istio;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import java.util.List;

/** WorkloadEntry: a place that ServiceEntries select by its labels. The API shows running instances in this form too. */
final class WorkloadEntryDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> place(spec, context)).stream().toList();
    }

    private static Contribution place(FieldReader spec, Context context) {
        var place = PlaceReader.place(spec);
        PlaceReader.requireAddress(spec, place);
        return new Contribution.OfPlace(
                context.resource().ref(), place.address(), place.ports(), place.labels(), place.weight());
    }
}
