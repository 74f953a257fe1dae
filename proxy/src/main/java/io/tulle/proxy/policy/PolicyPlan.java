package io.tulle.proxy.policy;

/** One policy of a route, made ready for traffic. Immutable; made once a plan, asked once a request. */
public interface PolicyPlan {}
