package io.tulle.proxy.balance;

import io.tulle.xds.spec.EndpointSpec;

/** One endpoint as a plan knows it: what the spec says, and the state that it shares with plans before and after. */
public record Endpoint(EndpointSpec spec, EndpointState state) {
    /** Whether both are the same place, whatever their specs say of health and weight. */
    public boolean isSamePlaceAs(Endpoint other) {
        return state == other.state;
    }

    /** {@code 10.0.0.7:4000}, {@code [2001:db8::1]:4000}. */
    public String place() {
        var address = spec.address();
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + spec.port();
    }

    boolean isAt(String place) {
        return place.endsWith(":" + spec.port()) && place.equals(place());
    }

    /** Whether something new may go to it: it is neither ejected nor on its way out. */
    boolean isOpen() {
        return spec.health() != EndpointSpec.Health.DRAINING && !state.isEjected();
    }

    /** {@code cart-1 (10.0.0.7:4000)}, for messages. */
    @Override
    public String toString() {
        return spec.instance() + " (" + spec.address() + ":" + spec.port() + ")";
    }
}
