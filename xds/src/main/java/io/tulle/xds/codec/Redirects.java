package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;

/** The statuses that a redirect may have. */
final class Redirects {
    private Redirects() {}

    static RedirectResponseCode code(int status) {
        return switch (status) {
            case 301 -> RedirectResponseCode.MOVED_PERMANENTLY;
            case 302 -> RedirectResponseCode.FOUND;
            case 303 -> RedirectResponseCode.SEE_OTHER;
            case 307 -> RedirectResponseCode.TEMPORARY_REDIRECT;
            case 308 -> RedirectResponseCode.PERMANENT_REDIRECT;
            default -> throw new IllegalArgumentException("no status of a redirect: " + status);
        };
    }

    static int status(String code) {
        return switch (code) {
            case "FOUND" -> 302;
            case "SEE_OTHER" -> 303;
            case "TEMPORARY_REDIRECT" -> 307;
            case "PERMANENT_REDIRECT" -> 308;
            default -> 301;
        };
    }
}
