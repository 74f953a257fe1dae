package io.tulle.dialects.istio;

/** Ports that are written as text. */
final class Ports {
    private Ports() {}

    static boolean isPort(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
    }
}
