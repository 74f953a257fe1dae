package io.tulle.proxy.admin;

/**
 * How long the pages wait for a request and for its reader, and how many connections a server holds. The JDK's server reads
 * these once, from system properties, before its first instance; by itself it waits for ever.
 */
final class Patience {
    private Patience() {}

    static void set() {
        setDefault("sun.net.httpserver.maxReqTime", "5"); // seconds
        setDefault("sun.net.httpserver.maxRspTime", "30");
        setDefault("jdk.httpserver.maxConnections", "128");
    }

    private static void setDefault(String name, String value) {
        if (System.getProperty(name) == null) System.setProperty(name, value);
    }
}
