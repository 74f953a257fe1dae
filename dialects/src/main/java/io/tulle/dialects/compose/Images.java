package io.tulle.dialects.compose;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What the name of an image says. */
public final class Images {
    private static final Pattern NODE =
            Pattern.compile("(.*[-_])?(node|nodejs)[-_]?[0-9.]*([-_](debian|alpine|slim|minimal|browsers|chrome).*)?");

    /** A word of the image's name to the port that it serves unless told otherwise; the first that fits counts. */
    private static final List<Map.Entry<String, Integer>> PORTS = List.of(
            Map.entry("redisinsight", 5540),
            Map.entry("mongo-express", 8081),
            Map.entry("pgadmin", 80),
            Map.entry("phpmyadmin", 80),
            Map.entry("pgbouncer", 6432),
            Map.entry("kafka-ui", 8080),
            Map.entry("exporter", 9100),
            Map.entry("postgres", 5432),
            Map.entry("postgis", 5432),
            Map.entry("timescaledb", 5432),
            Map.entry("pgvector", 5432),
            Map.entry("mysql", 3306),
            Map.entry("mariadb", 3306),
            Map.entry("percona", 3306),
            Map.entry("redis", 6379),
            Map.entry("valkey", 6379),
            Map.entry("keydb", 6379),
            Map.entry("dragonfly", 6379),
            Map.entry("mongo", 27017),
            Map.entry("rabbitmq", 5672),
            Map.entry("nats", 4222),
            Map.entry("kafka", 9092),
            Map.entry("redpanda", 9092),
            Map.entry("zookeeper", 2181),
            Map.entry("mosquitto", 1883),
            Map.entry("emqx", 1883),
            Map.entry("elasticsearch", 9200),
            Map.entry("opensearch", 9200),
            Map.entry("kibana", 5601),
            Map.entry("meilisearch", 7700),
            Map.entry("typesense", 8108),
            Map.entry("memcached", 11211),
            Map.entry("minio", 9000),
            Map.entry("localstack", 4566),
            Map.entry("mailhog", 1025),
            Map.entry("mailpit", 1025),
            Map.entry("maildev", 1025),
            Map.entry("mssql", 1433),
            Map.entry("azure-sql-edge", 1433),
            Map.entry("clickhouse", 8123),
            Map.entry("cassandra", 9042),
            Map.entry("scylla", 9042),
            Map.entry("cockroach", 26257),
            Map.entry("neo4j", 7687),
            Map.entry("couchdb", 5984),
            Map.entry("influxdb", 8086),
            Map.entry("qdrant", 6333),
            Map.entry("etcd", 2379),
            Map.entry("consul", 8500),
            Map.entry("vault", 8200),
            Map.entry("keycloak", 8080),
            Map.entry("dynamodb-local", 8000),
            Map.entry("temporal", 7233),
            Map.entry("jaeger", 4318),
            Map.entry("opentelemetry-collector", 4318),
            Map.entry("zipkin", 9411),
            Map.entry("prometheus", 9090),
            Map.entry("grafana", 3000),
            Map.entry("loki", 3100),
            Map.entry("adminer", 8080),
            Map.entry("nginx", 80),
            Map.entry("traefik", 80),
            Map.entry("caddy", 80),
            Map.entry("httpd", 80));

    private Images() {}

    /** Whether its programs are Node's: {@code node:20-alpine}, {@code gcr.io/distroless/nodejs20-debian12}. */
    static boolean isNode(String image) {
        return NODE.matcher(last(image)).matches();
    }

    /** Distroless images of Node have node as their entry point. */
    static boolean startsNode(String image) {
        return image.contains("distroless/nodejs");
    }

    /** The port that an image of this name usually serves. */
    public static OptionalInt usualPort(String image) {
        var name = repository(image);
        return PORTS.stream()
                .filter(known -> name.contains(known.getKey()))
                .mapToInt(Map.Entry::getValue)
                .findFirst();
    }

    private static String last(String image) {
        var name = repository(image);
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Without tag and digest; a colon before a slash is a registry's port. */
    private static String repository(String image) {
        var lower = image.toLowerCase(Locale.ROOT);
        var digest = lower.indexOf('@');
        var name = digest < 0 ? lower : lower.substring(0, digest);
        var colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}
