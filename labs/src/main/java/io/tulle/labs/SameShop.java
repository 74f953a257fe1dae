package io.tulle.labs;

import io.tulle.labs.stage.Stage;

/** What a shop has to do however it was started: an order through all services, and both replicas used over one connection. */
final class SameShop {
    private static final int CALLS = 100;

    private SameShop() {}

    static String works(Stage shop) throws Exception {
        var order = new SidecarLab().show(shop);
        shop.apply(NestTcpBalancingLab.IN_TURN);
        shop.apply(GrpcBalancingLab.IN_TURN);
        var nest = Shares.of(shop, shop.web().ask("/api/ping-cart?n=" + CALLS), CALLS, 0.4);
        var grpc = Shares.of(shop, shop.web().ask("/api/charge?n=" + CALLS), CALLS, 0.4);
        return order + "; Nest TCP " + nest + "; gRPC " + grpc;
    }
}
