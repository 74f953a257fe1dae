package io.tulle.control.identity;

/** What a workload on this host says it is; believed of the control plane's own user and of root alone. */
public record LocalJoin(String namespace, String account, String instance) {}
