package io.tulle.cli.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.reader.Reader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private static final String TEXT = """
            apiVersion: v1
            kind: Service
            metadata: {name: catalog}
            spec: {ports: [{port: 80, name: http}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: catalog}
            spec:
              hosts: [catalog]
              http:
              - route:
                - destination:
                    host: catalog
            """;

    private final Places places = new Places(
            ResourceReader.read(new Reader().yaml("mesh.yaml", TEXT), "shop").resources());

    @Test
    void aRefusalIsShownAtTheLineOfItsField() {
        var said = "VirtualService shop/catalog: spec.http[0].route[0].destination names nobody";
        assertEquals(Optional.of("mesh.yaml:14"), line("shop/catalog", said));
    }

    @Test
    void aRefusalWithoutAFieldIsShownAtItsDocument() {
        assertEquals(Optional.of("mesh.yaml:1"), line("shop/catalog", "Service shop/catalog selects nobody"));
        assertEquals(Optional.of("mesh.yaml:6"), line("shop/catalog", "VirtualService shop/catalog is closed"));
    }

    @Test
    void aRefusalOfWhatWasNotSentHasNoPlaceHere() {
        assertEquals(Optional.empty(), line("shop/cart", "VirtualService shop/cart: spec.hosts"));
    }

    private Optional<String> line(String document, String said) {
        return places.of(document, said).map(Object::toString);
    }
}
