package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Selector;
import java.time.Instant;
import java.util.List;

/** Istio's Gateway: doors that gateways with its labels open, of whatever namespace. */
final class GatewayDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> gateway(spec, context))
                .<List<Contribution>>map(gateway -> List.of(new Contribution.OfGateway(gateway)))
                .orElse(List.of());
    }

    private static Gateway gateway(FieldReader spec, Context context) {
        var selector = spec.textMap("selector");
        if (selector.isEmpty()) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "selector",
                    "names no labels, so every gateway of the mesh opens these doors",
                    "name the labels of the gateways that are meant: selector: {istio: NAME} means `tulle gateway NAME`");
        }
        var servers = spec.objects("servers", server -> new ServerReader(server).listeners());
        if (servers.isEmpty()) spec.missing("servers");
        return new Gateway(
                context.resource().ref(),
                new Gateway.ServedBy.Labelled(new Selector(selector)),
                servers.stream().flatMap(List::stream).toList(),
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH));
    }
}
