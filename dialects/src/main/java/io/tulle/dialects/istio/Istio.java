package io.tulle.dialects.istio;

import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kind.Kind.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of this dialect and their decoders. */
public final class Istio {
    private static final String NETWORKING = "networking.istio.io";
    private static final String SECURITY = "security.istio.io";

    /** Field names of Istio's networking, security and type APIs, version 1.31. */
    private static final Vocabulary WORDS = Vocabulary.parse("""
            VirtualService: spec VirtualServiceSpec
            VirtualServiceSpec: hosts text[], gateways text[], http HTTPRoute[], tls TLSRoute[], tcp TCPRoute[], exportTo text[]
            HTTPRoute: name text, match HTTPMatchRequest[], route HTTPRouteDestination[], redirect HTTPRedirect, directResponse HTTPDirectResponse, delegate any, rewrite HTTPRewrite, timeout text, retries HTTPRetry, fault HTTPFaultInjection, mirror Destination, mirrors HTTPMirrorPolicy[], mirrorPercent integer, mirror_percent integer, mirrorPercentage Percent, corsPolicy CorsPolicy, headers Headers
            HTTPMatchRequest: name text, uri StringMatch, scheme StringMatch, method StringMatch, authority StringMatch, headers StringMatch{}, port integer, sourceLabels text{}, gateways text[], queryParams StringMatch{}, ignoreUriCase boolean, withoutHeaders StringMatch{}, sourceNamespace text, statPrefix text
            StringMatch: exact text, prefix text, regex text
            CorsPolicy: allowOrigin text[], allowOrigins StringMatch[], allowMethods text[], allowHeaders text[], exposeHeaders text[], maxAge text, allowCredentials boolean, unmatchedPreflights UNSPECIFIED|FORWARD|IGNORE
            HTTPMirrorPolicy: destination Destination, percentage Percent
            HTTPRouteDestination: destination Destination, weight integer, headers Headers
            RouteDestination: destination Destination, weight integer
            Destination: host text, subset text, port PortSelector
            PortSelector: number integer
            Headers: request HeaderOperations, response HeaderOperations
            HeaderOperations: set text{}, add text{}, remove text[]
            HTTPRedirect: uri text, authority text, port integer, derivePort FROM_PROTOCOL_DEFAULT|FROM_REQUEST_PORT, scheme text, redirectCode integer, prefixRewrite text
            HTTPDirectResponse: status integer, body HTTPBody
            HTTPBody: string text, bytes text
            HTTPRewrite: uri text, authority text, uriRegexRewrite RegexRewrite
            RegexRewrite: match text, rewrite text
            HTTPRetry: attempts integer, perTryTimeout text, retryOn text, retryRemoteLocalities boolean, retryIgnorePreviousHosts boolean, backoff text
            HTTPFaultInjection: delay Delay, abort Abort
            Delay: percent integer, fixedDelay text, exponentialDelay text, percentage Percent
            Abort: httpStatus integer, grpcStatus text, http2Error text, percentage Percent
            Percent: value number
            TLSRoute: match TLSMatchAttributes[], route RouteDestination[]
            TLSMatchAttributes: sniHosts text[], destinationSubnets text[], port integer, sourceLabels text{}, gateways text[], sourceNamespace text
            TCPRoute: match L4MatchAttributes[], route RouteDestination[]
            L4MatchAttributes: destinationSubnets text[], port integer, sourceSubnet text, sourceLabels text{}, gateways text[], sourceNamespace text
            Gateway: spec GatewaySpec
            GatewaySpec: servers Server[], selector text{}
            Server: port ServerPort, bind text, hosts text[], tls ServerTLSSettings, defaultEndpoint text, name text
            ServerPort: number integer, protocol text, name text, targetPort integer
            ServerTLSSettings: httpsRedirect boolean, mode PASSTHROUGH|SIMPLE|MUTUAL|AUTO_PASSTHROUGH|ISTIO_MUTUAL|OPTIONAL_MUTUAL, serverCertificate text, privateKey text, caCertificates text, caCrl text, credentialName text, credentialNames text[], caCertCredentialName text, tlsCertificates any, subjectAltNames text[], verifyCertificateSpki text[], verifyCertificateHash text[], minProtocolVersion TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3, maxProtocolVersion TLS_AUTO|TLSV1_0|TLSV1_1|TLSV1_2|TLSV1_3, cipherSuites text[], insecureSkipVerify boolean
            DestinationRule: spec DestinationRuleSpec
            DestinationRuleSpec: host text, trafficPolicy TrafficPolicy, subsets Subset[], exportTo text[], workloadSelector any
            TrafficPolicy: loadBalancer LoadBalancerSettings, connectionPool ConnectionPoolSettings, outlierDetection OutlierDetection, tls ClientTLSSettings, portLevelSettings PortTrafficPolicy[], tunnel any, proxyProtocol any, retryBudget any
            PortTrafficPolicy: port PortSelector, loadBalancer LoadBalancerSettings, connectionPool ConnectionPoolSettings, outlierDetection OutlierDetection, tls ClientTLSSettings
            Subset: name text, labels text{}, trafficPolicy TrafficPolicy
            LoadBalancerSettings: simple UNSPECIFIED|LEAST_CONN|RANDOM|PASSTHROUGH|ROUND_ROBIN|LEAST_REQUEST, consistentHash ConsistentHashLB, localityLbSetting any, zoneAwareLbSetting any, warmupDurationSecs text, warmup WarmupConfiguration
            WarmupConfiguration: duration text, minimumPercent number, aggression number
            ConsistentHashLB: httpHeaderName text, httpCookie HTTPCookie, useSourceIp boolean, httpQueryParameterName text, ringHash RingHash, maglev MagLev, minimumRingSize integer
            HTTPCookie: name text, path text, ttl text, attributes CookieAttribute[]
            CookieAttribute: name text, value text
            RingHash: minimumRingSize integer
            MagLev: tableSize integer
            ConnectionPoolSettings: tcp TCPSettings, http HTTPSettings
            TCPSettings: maxConnections integer, connectTimeout text, tcpKeepalive any, maxConnectionDuration text, idleTimeout text
            HTTPSettings: http1MaxPendingRequests integer, http2MaxRequests integer, maxRequestsPerConnection integer, maxRetries integer, idleTimeout text, h2UpgradePolicy DEFAULT|DO_NOT_UPGRADE|UPGRADE, useClientProtocol boolean, maxConcurrentStreams integer, http2KeepAlive any
            OutlierDetection: consecutiveErrors integer, splitExternalLocalOriginErrors boolean, consecutiveLocalOriginFailures integer, consecutiveGatewayErrors integer, consecutive5xxErrors integer, interval text, baseEjectionTime text, maxEjectionPercent integer, minHealthPercent integer, outlierDetectionHttpErrorCodes any
            ClientTLSSettings: mode DISABLE|SIMPLE|MUTUAL|ISTIO_MUTUAL, clientCertificate text, privateKey text, caCertificates text, credentialName text, subjectAltNames text[], sni text, insecureSkipVerify boolean, caCrl text
            ServiceEntry: spec ServiceEntrySpec
            ServiceEntrySpec: hosts text[], addresses text[], ports ServicePort[], location MESH_EXTERNAL|MESH_INTERNAL, resolution NONE|STATIC|DNS|DNS_ROUND_ROBIN|DYNAMIC_DNS, endpoints WorkloadEntrySpec[], workloadSelector LabelSelector, exportTo text[], subjectAltNames text[]
            LabelSelector: labels text{}
            ServicePort: number integer, protocol text, name text, targetPort integer
            WorkloadEntry: spec WorkloadEntrySpec
            WorkloadEntrySpec: address text, ports integer{}, labels text{}, network text, locality text, weight integer, serviceAccount text
            Sidecar: spec SidecarSpec
            SidecarSpec: workloadSelector LabelSelector, ingress any, egress IstioEgressListener[], inboundConnectionPool any, outboundTrafficPolicy OutboundTrafficPolicy
            IstioEgressListener: port any, bind text, captureMode DEFAULT|IPTABLES|NONE, hosts text[]
            OutboundTrafficPolicy: mode REGISTRY_ONLY|ALLOW_ANY, egressProxy any
            EnvoyFilter: spec EnvoyFilterSpec
            EnvoyFilterSpec: workloadSelector any, targetRefs any, configPatches any, priority integer
            PeerAuthentication: spec PeerAuthenticationSpec
            PeerAuthenticationSpec: selector WorkloadSelector, mtls MutualTLS, portLevelMtls MutualTLS{}
            MutualTLS: mode UNSET|DISABLE|PERMISSIVE|STRICT
            WorkloadSelector: matchLabels text{}
            AuthorizationPolicy: spec AuthorizationPolicySpec
            AuthorizationPolicySpec: selector WorkloadSelector, targetRef any, targetRefs any, rules Rule[], action ALLOW|DENY|AUDIT|CUSTOM, provider any
            Rule: from From[], to To[], when Condition[]
            Condition: key text, values text[], notValues text[]
            From: source Source
            Source: principals text[], notPrincipals text[], requestPrincipals text[], notRequestPrincipals text[], namespaces text[], notNamespaces text[], serviceAccounts text[], notServiceAccounts text[], ipBlocks text[], notIpBlocks text[], remoteIpBlocks text[], notRemoteIpBlocks text[], trustDomains text[], notTrustDomains text[]
            To: operation Operation
            Operation: hosts text[], notHosts text[], ports text[], notPorts text[], methods text[], notMethods text[], paths text[], notPaths text[]
            """);

    private Istio() {}

    public static Map<Kind, Decoder> kinds() {
        var kinds = new LinkedHashMap<Kind, Decoder>();
        kinds.put(
                networking(
                        "VirtualService",
                        "virtualservices",
                        List.of("vs"),
                        Column.of("Gateways", ".spec.gateways"),
                        Column.of("Hosts", ".spec.hosts")),
                new VirtualServiceDecoder());
        kinds.put(networking("Gateway", "gateways", List.of("gw")), new GatewayDecoder());
        kinds.put(
                networking("DestinationRule", "destinationrules", List.of("dr"), Column.of("Host", ".spec.host")),
                new DestinationRuleDecoder());
        kinds.put(
                networking(
                        "ServiceEntry",
                        "serviceentries",
                        List.of("se"),
                        Column.of("Hosts", ".spec.hosts"),
                        Column.of("Location", ".spec.location"),
                        Column.of("Resolution", ".spec.resolution")),
                new ServiceEntryDecoder());
        kinds.put(networking("Sidecar", "sidecars", List.of()), new SidecarDecoder());
        kinds.put(networking("EnvoyFilter", "envoyfilters", List.of()), new EnvoyFilterDecoder());
        kinds.put(
                networking("WorkloadEntry", "workloadentries", List.of("we"), Column.of("Address", ".spec.address")),
                new WorkloadEntryDecoder());
        kinds.put(
                security(
                        "PeerAuthentication",
                        "peerauthentications",
                        List.of("pa"),
                        Column.of("Mode", ".spec.mtls.mode")),
                new PeerAuthenticationDecoder());
        kinds.put(
                security(
                        "AuthorizationPolicy",
                        "authorizationpolicies",
                        List.of("ap"),
                        Column.of("Action", ".spec.action")),
                new AuthorizationPolicyDecoder());
        return kinds;
    }

    private static Kind networking(String kind, String plural, List<String> shortNames, Column... columns) {
        return new Kind(
                NETWORKING,
                "v1",
                List.of("v1beta1", "v1alpha3"),
                kind,
                plural,
                shortNames,
                true,
                WORDS,
                List.of(columns));
    }

    private static Kind security(String kind, String plural, List<String> shortNames, Column... columns) {
        return new Kind(SECURITY, "v1", List.of("v1beta1"), kind, plural, shortNames, true, WORDS, List.of(columns));
    }
}
