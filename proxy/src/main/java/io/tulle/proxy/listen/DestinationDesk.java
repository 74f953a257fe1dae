package io.tulle.proxy.listen;

/** Gets all of a destination that is known by name alone, by its canonical host. Asked on event loops; must not block. */
public interface DestinationDesk {
    /** Nothing more can be had than what is there. */
    DestinationDesk NONE = new DestinationDesk() {
        @Override
        public void want(String host) {}

        @Override
        public void release(String host) {}
    };

    /** Later plans are to have it, or to say that it is nowhere. */
    void want(String host);

    /** Nobody has used it for a long while. */
    void release(String host);
}
