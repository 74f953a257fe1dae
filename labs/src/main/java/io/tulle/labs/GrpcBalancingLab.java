package io.tulle.labs;

import io.tulle.labs.stage.Answer;
import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;
import java.util.stream.IntStream;

/** Calls of one gRPC channel are spread over the replicas; streams keep their order and their trailers. */
final class GrpcBalancingLab implements Lab {
    private static final int CALLS = 500;
    private static final int STEPS = 5;

    /** In turn: with the default, the least requests, a replica that is slow at the moment gets fewer. */
    static final String IN_TURN = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: payment }
            spec:
              host: payment
              trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } }
            """;

    @Override
    public String name() {
        return "06-grpc-balancing";
    }

    @Override
    public String show(Stage stage) {
        stage.apply(IN_TURN);
        var shares = Shares.of(stage, stage.web().ask("/api/charge?n=" + CALLS), CALLS, 0.4);
        var connections = Shares.connections(stage, "web-1", "payment");
        Unmet.unless(connections == 1, "web has " + connections + " connections to payment, not 1");
        var progress = stage.web().ask("/api/progress?order=lab");
        var steps = IntStream.range(0, STEPS)
                .mapToLong(step -> progress.number("steps", "" + step, "number"))
                .toArray();
        Unmet.unless(
                java.util.Arrays.equals(steps, new long[] {1, 2, 3, 4, 5}),
                "the stream's messages came as " + java.util.Arrays.toString(steps));
        Unmet.unless(progress.number("status") == 0, "the stream ended with " + progress);
        return "web→payment 1 connection, %d calls: %s; 5 streamed messages in order, status 0, trailers %s"
                .formatted(CALLS, shares, trailers(progress));
    }

    private static java.util.Set<String> trailers(Answer progress) {
        if (progress.at("trailers") instanceof io.tulle.dialects.reader.Node.Mapping mapping
                && !mapping.keys().isEmpty()) {
            return new java.util.TreeSet<>(mapping.keys());
        }
        throw new Unmet("no trailers came: " + progress);
    }
}
