package io.tulle.control.identity;

/** What a workload says it is; believed of the control plane's own user and of root on this host alone. */
public record LocalJoin(String namespace, String account, String instance) {}
