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
    static final String GROUP = "gateway.networking.k8s.io";

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
            TCPRoute: spec TCPRouteSpec
            TCPRouteSpec: parentRefs ParentReference[], useDefaultGateways any, rules ConnectionRule[]
            TLSRoute: spec TLSRouteSpec
            TLSRouteSpec: parentRefs ParentReference[], useDefaultGateways any, hostnames text[], rules ConnectionRule[]
            ConnectionRule: name text, backendRefs ConnectionBackendRef[]
            ConnectionBackendRef: group text, kind text, name text, namespace text, port integer, weight integer
            GatewayClass: spec GatewayClassSpec
            GatewayClassSpec: controllerName text, parametersRef any, description text
            Gateway: spec GatewaySpec
            GatewaySpec: gatewayClassName text, listeners Listener[], addresses any, infrastructure any, allowedListeners any, tls GatewayTLSConfig, defaultScope any
            Listener: name text, hostname text, port integer, protocol text, tls ListenerTLSConfig, allowedRoutes AllowedRoutes
            ListenerTLSConfig: mode Terminate|Passthrough, certificateRefs SecretObjectReference[], options any
            SecretObjectReference: group text, kind text, name text, namespace text
            AllowedRoutes: namespaces RouteNamespaces, kinds RouteGroupKind[]
            RouteNamespaces: from All|Selector|Same|None, selector LabelSelector
            LabelSelector: matchLabels text{}, matchExpressions LabelSelectorRequirement[]
            LabelSelectorRequirement: key text, operator In|NotIn|Exists|DoesNotExist, values text[]
            RouteGroupKind: group text, kind text
            GatewayTLSConfig: backend any, frontend FrontendTLSConfig
            FrontendTLSConfig: default TLSConfig, perPort TLSPortConfig[]
            TLSPortConfig: port integer, tls TLSConfig
            TLSConfig: validation FrontendTLSValidation
            FrontendTLSValidation: caCertificateRefs SecretObjectReference[], mode AllowValidOnly|AllowInsecureFallback
            ReferenceGrant: spec ReferenceGrantSpec
            ReferenceGrantSpec: from ReferenceGrantFrom[], to ReferenceGrantTo[]
            ReferenceGrantFrom: group text, kind text, namespace text
            ReferenceGrantTo: group text, kind text, name text
            GRPCBackendRef: group text, kind text, name text, namespace text, port integer, weight integer, filters GRPCRouteFilter[]
            """);

    private GatewayApi() {}

    public static Map<Kind, Decoder> kinds() {
        var kinds = new LinkedHashMap<Kind, Decoder>();
        var hostnames = Column.of("Hostnames", ".spec.hostnames");
        kinds.put(
                kind("HTTPRoute", "httproutes", List.of(), List.of("v1beta1"), true, hostnames),
                new HttpRouteDecoder());
        kinds.put(kind("GRPCRoute", "grpcroutes", List.of(), List.of(), true, hostnames), new GrpcRouteDecoder());
        kinds.put(kind("TCPRoute", "tcproutes", List.of(), List.of("v1alpha2"), true), Routes::connections);
        kinds.put(
                kind("TLSRoute", "tlsroutes", List.of(), List.of("v1alpha2", "v1alpha3"), true, hostnames),
                Routes::connections);
        kinds.put(
                kind(
                        "GatewayClass",
                        "gatewayclasses",
                        List.of("gc"),
                        List.of("v1beta1"),
                        false,
                        Column.of("Controller", ".spec.controllerName")),
                new GatewayClassDecoder());
        kinds.put(
                kind(
                        "Gateway",
                        "gateways",
                        List.of("gtw"),
                        List.of("v1beta1"),
                        true,
                        Column.of("Class", ".spec.gatewayClassName"),
                        Column.of("Listeners", ".spec.listeners")),
                new GatewayDecoder());
        kinds.put(
                kind("ReferenceGrant", "referencegrants", List.of("refgrant"), List.of("v1beta1"), true),
                new ReferenceGrantDecoder());
        return kinds;
    }

    private static Kind kind(
            String kind,
            String plural,
            List<String> shortNames,
            List<String> olderVersions,
            boolean namespaced,
            Column... columns) {
        return new Kind(GROUP, "v1", olderVersions, kind, plural, shortNames, namespaced, WORDS, List.of(columns));
    }
}
