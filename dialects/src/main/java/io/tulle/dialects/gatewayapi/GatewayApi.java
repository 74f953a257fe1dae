package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kind.Kind.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of this dialect and their decoders. */
public final class GatewayApi {
    /** Field names of gateway.networking.k8s.io/v1, release 1.6. */
    private static final Vocabulary WORDS = Vocabulary.parse("""
            HTTPRoute: spec HTTPRouteSpec
            HTTPRouteSpec: parentRefs ParentReference[], useDefaultGateways any, hostnames text[], rules HTTPRouteRule[]
            ParentReference: group text, kind text, namespace text, name text, sectionName text, port integer
            HTTPRouteRule: name text, matches HTTPRouteMatch[], filters HTTPRouteFilter[], backendRefs HTTPBackendRef[], timeouts HTTPRouteTimeouts, retry HTTPRouteRetry, sessionPersistence SessionPersistence
            SessionPersistence: absoluteTimeout text, type Cookie|Header, cookie CookieConfig, header HeaderConfig, sessionName text, idleTimeout text, cookieConfig CookieLifetime
            CookieConfig: name text, path text, lifetimeType Permanent|Session
            CookieLifetime: lifetimeType Permanent|Session
            HeaderConfig: name text
            HTTPRouteMatch: path HTTPPathMatch, headers HTTPHeaderMatch[], queryParams HTTPHeaderMatch[], method text
            HTTPPathMatch: type Exact|PathPrefix|RegularExpression, value text
            HTTPHeaderMatch: type Exact|RegularExpression, name text, value text
            HTTPRouteFilter: type RequestHeaderModifier|ResponseHeaderModifier|RequestMirror|RequestRedirect|URLRewrite|CORS|ExternalAuth|ExtensionRef, requestHeaderModifier HTTPHeaderFilter, responseHeaderModifier HTTPHeaderFilter, requestMirror HTTPRequestMirrorFilter, requestRedirect HTTPRequestRedirectFilter, urlRewrite HTTPURLRewriteFilter, cors HTTPCORSFilter, externalAuth any, extensionRef any
            HTTPRequestMirrorFilter: backendRef BackendObjectReference, percent integer, fraction Fraction
            BackendObjectReference: group text, kind text, name text, namespace text, port integer
            Fraction: numerator integer, denominator integer
            HTTPCORSFilter: allowOrigins text[], allowCredentials boolean, allowMethods text[], allowHeaders text[], exposeHeaders text[], maxAge integer
            HTTPHeaderFilter: set HTTPHeader[], add HTTPHeader[], remove text[]
            HTTPHeader: name text, value text
            HTTPRequestRedirectFilter: scheme text, hostname text, path HTTPPathModifier, port integer, statusCode integer
            HTTPURLRewriteFilter: hostname text, path HTTPPathModifier
            HTTPPathModifier: type ReplaceFullPath|ReplacePrefixMatch, replaceFullPath text, replacePrefixMatch text
            HTTPBackendRef: group text, kind text, name text, namespace text, port integer, weight integer, filters HTTPRouteFilter[]
            HTTPRouteTimeouts: request text, backendRequest text
            HTTPRouteRetry: codes integer[], attempts integer, backoff text
            GRPCRoute: spec GRPCRouteSpec
            GRPCRouteSpec: parentRefs ParentReference[], useDefaultGateways any, hostnames text[], rules GRPCRouteRule[]
            GRPCRouteRule: name text, matches GRPCRouteMatch[], filters GRPCRouteFilter[], backendRefs GRPCBackendRef[], sessionPersistence SessionPersistence
            GRPCRouteMatch: method GRPCMethodMatch, headers HTTPHeaderMatch[]
            GRPCMethodMatch: type Exact|RegularExpression, service text, method text
            GRPCRouteFilter: type RequestHeaderModifier|ResponseHeaderModifier|RequestMirror|ExtensionRef, requestHeaderModifier HTTPHeaderFilter, responseHeaderModifier HTTPHeaderFilter, requestMirror HTTPRequestMirrorFilter, extensionRef any
            GRPCBackendRef: group text, kind text, name text, namespace text, port integer, weight integer, filters GRPCRouteFilter[]
            """);

    private GatewayApi() {}

    public static Map<Kind, Decoder> kinds() {
        var kinds = new LinkedHashMap<Kind, Decoder>();
        kinds.put(kind("HTTPRoute", "httproutes", List.of("v1beta1")), new HttpRouteDecoder());
        kinds.put(kind("GRPCRoute", "grpcroutes", List.of()), new GrpcRouteDecoder());
        return kinds;
    }

    private static Kind kind(String kind, String plural, List<String> olderVersions) {
        return new Kind(
                "gateway.networking.k8s.io",
                "v1",
                olderVersions,
                kind,
                plural,
                List.of(),
                true,
                WORDS,
                List.of(Column.of("Hostnames", ".spec.hostnames")));
    }
}
