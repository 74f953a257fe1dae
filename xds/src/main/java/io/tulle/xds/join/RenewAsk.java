package io.tulle.xds.join;

/** A member asks for a new leaf; the one of its TLS session says who it is. */
public record RenewAsk(String instance, String csr, String version) {}
