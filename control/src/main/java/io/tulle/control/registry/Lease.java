package io.tulle.control.registry;

/** One registration's right to speak for its instance; a later registration of the same id ends it. */
public record Lease(String instance, long session) {}
