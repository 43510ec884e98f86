package main

import "time"

// Config is everything that can be set. Each field's json tag is its one name, written three ways:
// topic_max_bytes in the configuration file, HUB_TOPIC_MAX_BYTES in the environment, --topic-max-bytes
// as a flag. Defaults stand below the file, the file below the environment, the environment below flags.
// The tags group, arg and help are what `hub --help` shows.
type Config struct {
	// Listen is the host and port to serve on, "127.0.0.1:8002" by default. The host is never empty:
	// every interface is "0.0.0.0" or "[::]", said on purpose. Port 0 takes a free one.
	Listen string `json:"listen" group:"Serving" arg:"host:port" help:"where to serve; port 0 takes a free one"`
	// AllowedHosts are the names besides loopback ones that a request's Host may carry, with or without
	// a port. None by default.
	AllowedHosts []string `json:"allowed_hosts" group:"Serving" arg:"hosts" help:"names a request's Host may carry besides this machine's own"`
	// AllowedOrigins are the origins ("https://ci.example") besides the hub's own whose pages may use
	// it from a browser. None by default.
	AllowedOrigins []string `json:"allowed_origins" group:"Serving" arg:"origins" help:"origins besides the hub's own whose pages may use it"`
	// MaxConnections bounds the connections open at once. 0, the default, takes the descriptor limit
	// less a reserve of 128.
	MaxConnections int `json:"max_connections" group:"Serving" arg:"n" help:"connections at once; 0 takes the descriptor limit less a reserve"`
	// MaxBody bounds a JSON request body, 1MiB by default. Published lines are not bounded by it.
	MaxBody Size `json:"max_body" group:"Serving" arg:"size" help:"largest JSON request body"`
	// Heartbeat is the time between two pings on a stream, from 1s to 40s, 15s by default. The upper
	// bound keeps it under the 45 s after which a silent peer counts as gone.
	Heartbeat Duration `json:"heartbeat" group:"Serving" arg:"duration" help:"time between two pings on a stream"`
	// ShutdownTimeout is the time an orderly stop may take, 10s by default.
	ShutdownTimeout Duration `json:"shutdown_timeout" group:"Serving" arg:"duration" help:"time an orderly stop may take"`

	// LogLevel is debug, info (the default), warn or error.
	LogLevel string `json:"log_level" group:"Logs" arg:"level" help:"debug, info, warn or error"`
	// LogFormat is auto (the default), text or json. auto is text on a terminal and json elsewhere.
	LogFormat string `json:"log_format" group:"Logs" arg:"format" help:"text, json, or auto: text on a terminal, json elsewhere"`

	// TopicMaxEvents is how many events a topic keeps, 10000 by default.
	TopicMaxEvents int `json:"topic_max_events" group:"History" arg:"n" help:"events a topic keeps"`
	// TopicMaxBytes is how many bytes of events a topic keeps, 8MiB by default.
	TopicMaxBytes Size `json:"topic_max_bytes" group:"History" arg:"size" help:"bytes of events a topic keeps"`
	// LogTopicMaxEvents is TopicMaxEvents for tasks/* and containers/*/logs, 100000 by default.
	LogTopicMaxEvents int `json:"log_topic_max_events" group:"History" arg:"n" help:"events a task's or a container log's topic keeps"`
	// LogTopicMaxBytes is TopicMaxBytes for tasks/* and containers/*/logs, 64MiB by default.
	LogTopicMaxBytes Size `json:"log_topic_max_bytes" group:"History" arg:"size" help:"bytes a task's or a container log's topic keeps"`
	// HistoryMaxBytes is how many bytes of events all topics keep together, 512MiB by default.
	HistoryMaxBytes Size `json:"history_max_bytes" group:"History" arg:"size" help:"bytes of events all topics keep together"`
	// MaxTopics bounds the topics that exist at once, 100000 by default.
	MaxTopics int `json:"max_topics" group:"History" arg:"n" help:"topics that exist at once"`

	// AllowTasks lets clients run shell commands as the hub's user, true by default.
	AllowTasks bool `json:"allow_tasks" group:"Tasks" help:"let clients run shell commands as the hub's user"`
	// TasksRunning is how many commands run at once, 16 by default; later ones wait.
	TasksRunning int `json:"tasks_running" group:"Tasks" arg:"n" help:"commands that run at once; later ones wait"`
	// TasksQueued is how many commands may wait, 1000 by default; later ones are refused.
	TasksQueued int `json:"tasks_queued" group:"Tasks" arg:"n" help:"commands that may wait; later ones are refused"`
	// TasksKeep is how many finished tasks are kept, 1000 by default.
	TasksKeep int `json:"tasks_keep" group:"Tasks" arg:"n" help:"finished tasks that are kept"`
	// TasksKeepFor is how long a finished task is kept, 24h by default.
	TasksKeepFor Duration `json:"tasks_keep_for" group:"Tasks" arg:"duration" help:"how long a finished task is kept"`

	// WorkspaceRoots are the folders of this machine that requests may name for build contexts, image
	// archives and mounts. None, the default, is every folder: whoever may run tasks can read them anyway.
	WorkspaceRoots []string `json:"workspace_roots" group:"Docker" arg:"folders" help:"folders that builds, saved images and mounts may use; every one when empty"`
	// AllowHostAccess lets requests give a container the host's network, another container's, the engine's
	// socket, or a log driver that sends its lines elsewhere. False by default.
	AllowHostAccess bool `json:"allow_host_access" group:"Docker" help:"let containers have the host's network, the engine's socket, or any log driver"`
	// BuildsRunning is how many images are built at once, 2 by default; later builds wait.
	BuildsRunning int `json:"builds_running" group:"Docker" arg:"n" help:"images built at once; later builds wait"`

	// PipelinesRunning is how many html-site pipelines run at once, and as many others, 4 by default; later ones wait.
	PipelinesRunning int `json:"pipelines_running" group:"Pipelines" arg:"n" help:"html-site pipelines that run at once, and as many others; later ones wait"`
	// PipelineFolder is where the workspaces of pipelines are made, in a folder of each hub's own. Empty, the
	// default, is hub-pipelines-UID in the folder for temporary files. Nobody else may write to it.
	PipelineFolder string `json:"pipeline_folder" group:"Pipelines" arg:"folder" help:"where workspaces are made; in the folder for temporary files when empty"`
	// PipelineKeepFor is how long after its end a pipeline can be retried from its failed stage, 1h by
	// default: so long its files and its image are kept.
	PipelineKeepFor Duration `json:"pipeline_keep_for" group:"Pipelines" arg:"duration" help:"how long a pipeline's files and image are kept for a retry"`
	// LocalRepositories are the folders of this machine that pipelines may clone, with all that is in them.
	// None by default: they clone by http, https and ssh.
	LocalRepositories []string `json:"local_repositories" group:"Pipelines" arg:"folders" help:"folders of this machine that pipelines may clone; none when empty"`
	// DockerhubUsername is who pipelines log in as at registries, where a request names nobody. Of the older
	// service's variables DOCKERHUB_USERNAME sets it too; HUB_DOCKERHUB_USERNAME stands above that.
	DockerhubUsername string `json:"dockerhub_username" group:"Pipelines" arg:"name" help:"who pipelines log in as at registries; DOCKERHUB_USERNAME sets it too"`
	// DockerhubPassword is that user's password or access token, a secret: prefer the file or the
	// environment, since other users of the machine can read flags. DOCKERHUB_PASSWORD sets it too.
	DockerhubPassword Secret `json:"dockerhub_password" group:"Pipelines" arg:"password" help:"their password, a secret; prefer the file, or DOCKERHUB_PASSWORD"`

	// LogStreamEndpoint is the http or https URL that task events are POSTed to; empty, the default, for none.
	LogStreamEndpoint Endpoint `json:"log_stream_endpoint" group:"Forwarding" arg:"url" help:"URL that task events are POSTed to; none when empty"`
	// AuthHeader are the headers sent along to LogStreamEndpoint. Its values are secrets: prefer the file
	// or the environment, since other users of the machine can read flags.
	AuthHeader Headers `json:"auth_header" group:"Forwarding" arg:"'Name: value'" help:"header sent along, a secret; repeatable; prefer the file or the environment"`
	// ForwardMaxEvents is how many events may wait for LogStreamEndpoint, 10000 by default; older ones
	// are given up and counted.
	ForwardMaxEvents int `json:"forward_max_events" group:"Forwarding" arg:"n" help:"events that may wait for it; older ones are given up and counted"`
	// ForwardMaxBytes bounds the same in bytes, 16MiB by default.
	ForwardMaxBytes Size `json:"forward_max_bytes" group:"Forwarding" arg:"size" help:"the same in bytes"`
	// WebhookUrls are the http or https URLs that each get one signed POST when a task has ended. None by
	// default. A path or a query may be a secret, as those of chat services are: prefer the file or the
	// environment.
	WebhookUrls URLs `json:"webhook_urls" group:"Forwarding" arg:"urls" help:"URLs that are told of each task's end; repeatable; prefer the file or the environment"`
	// WebhookSecret signs what WebhookUrls get, and must be set where they are: "whsec_" and the base64 of 24
	// to 64 random bytes.
	WebhookSecret Secret `json:"webhook_secret" group:"Forwarding" arg:"whsec_…" help:"signs what they get; needed with them; prefer the file or the environment"`

	// Env names this environment in the JSON at /, "Hello": "From: <env>". Of the older service's
	// variables ENV sets it too and, below that, DEFAULT_ENV; HUB_ENV stands above both. The default is
	// the text DEFAULT_ENV, which is what the older service said when nobody had set a name.
	Env string `json:"env" group:"Other" arg:"name" help:"this environment's name in the JSON at /; ENV sets it too"`
}

// Default is the configuration of a hub that nobody configured.
func Default() Config {
	return Config{
		Listen:            "127.0.0.1:8002",
		MaxBody:           1 << 20,
		Heartbeat:         Duration(15 * time.Second),
		ShutdownTimeout:   Duration(10 * time.Second),
		LogLevel:          "info",
		LogFormat:         "auto",
		TopicMaxEvents:    10_000,
		TopicMaxBytes:     8 << 20,
		LogTopicMaxEvents: 100_000,
		LogTopicMaxBytes:  64 << 20,
		HistoryMaxBytes:   512 << 20,
		MaxTopics:         100_000,
		AllowTasks:        true,
		TasksRunning:      16,
		TasksQueued:       1000,
		TasksKeep:         1000,
		TasksKeepFor:      Duration(24 * time.Hour),
		BuildsRunning:     2,
		PipelinesRunning:  4,
		PipelineKeepFor:   Duration(time.Hour),
		ForwardMaxEvents:  10_000,
		ForwardMaxBytes:   16 << 20,
		Env:               "DEFAULT_ENV",
	}
}
