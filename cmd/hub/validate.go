package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpguts"
)

// check looks at the values of all settings and reports every fault, each with its source.
func (s *Settings) check() error {
	c := &s.Config
	var faults []error
	bad := func(name, format string, args ...any) { faults = append(faults, s.fault(name, format, args...)) }

	if why := badAddress(c.Listen); why != "" {
		bad("listen", "%q %s", c.Listen, why)
	}
	for _, host := range c.AllowedHosts {
		if strings.ContainsAny(host, "/ *@") {
			bad("allowed_hosts", "%q is not a host name such as ci.example or ci.example:8002", host)
		}
	}
	for _, origin := range c.AllowedOrigins {
		if !isOrigin(origin) {
			bad("allowed_origins", "%q is not an origin such as https://ci.example", origin)
		}
	}
	oneOf := func(name, value string, words ...string) {
		if !slices.Contains(words, value) {
			bad(name, "%q is not one of %s", value, strings.Join(words, ", "))
		}
	}
	oneOf("log_level", c.LogLevel, "debug", "info", "warn", "error")
	oneOf("log_format", c.LogFormat, "auto", "text", "json")
	for _, root := range c.WorkspaceRoots {
		if info, err := os.Stat(root); err != nil || !info.IsDir() || !filepath.IsAbs(root) {
			bad("workspace_roots", "%q is not the absolute path of a folder", root)
		}
	}
	for _, folder := range c.LocalRepositories {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() || !filepath.IsAbs(folder) {
			bad("local_repositories", "%q is not the absolute path of a folder", folder)
		}
	}
	if c.PipelineFolder != "" && !filepath.IsAbs(c.PipelineFolder) {
		bad("pipeline_folder", "%q is not an absolute path", c.PipelineFolder)
	}
	if info, err := os.Stat(c.PipelineFolder); err == nil && !info.IsDir() {
		bad("pipeline_folder", "%q is no folder", c.PipelineFolder)
	}
	if (c.DockerhubUsername == "") != (c.DockerhubPassword == "") {
		bad("dockerhub_username", "it and dockerhub_password are needed together")
	}
	faults = append(faults, s.checkRanges()...)

	if e := c.LogStreamEndpoint.Reveal(); e != "" && !isHTTP(e) {
		bad("log_stream_endpoint", "%s is not an http or https URL", c.LogStreamEndpoint)
	}
	faults = append(faults, s.checkWebhooks()...)
	for name, value := range c.AuthHeader {
		if !httpguts.ValidHeaderFieldName(name) {
			bad("auth_header", "%q is not a header name", name)
		}
		if !httpguts.ValidHeaderFieldValue(value.Reveal()) {
			bad("auth_header", "the value of %s holds a control character", name)
		}
	}
	if strings.ContainsFunc(c.Env, unicode.IsControl) || len(c.Env) > 200 {
		bad("env", "must be one line of at most 200 bytes")
	}
	err := errors.Join(faults...)
	if err == nil {
		s.warn()
	}
	return err
}

// checkRanges checks the numbers. A topic's history holds at least one event of the largest size.
func (s *Settings) checkRanges() []error {
	c := &s.Config
	return slices.Concat(
		within(s, "max_connections", c.MaxConnections, 0, 10_000_000),
		within(s, "max_body", c.MaxBody, 1<<10, 1<<30),
		within(s, "heartbeat", c.Heartbeat, Duration(time.Second), Duration(40*time.Second)),
		within(s, "shutdown_timeout", c.ShutdownTimeout, Duration(100*time.Millisecond), Duration(10*time.Minute)),
		within(s, "topic_max_events", c.TopicMaxEvents, 1, 100_000_000),
		within(s, "topic_max_bytes", c.TopicMaxBytes, 64<<10, 1<<40),
		within(s, "log_topic_max_events", c.LogTopicMaxEvents, 1, 100_000_000),
		within(s, "log_topic_max_bytes", c.LogTopicMaxBytes, 64<<10, 1<<40),
		within(s, "history_max_bytes", c.HistoryMaxBytes, 1<<20, 1<<40),
		within(s, "max_topics", c.MaxTopics, 1, 10_000_000),
		within(s, "tasks_running", c.TasksRunning, 1, 10_000),
		within(s, "tasks_queued", c.TasksQueued, 0, 1_000_000),
		within(s, "tasks_keep", c.TasksKeep, 0, 1_000_000),
		within(s, "tasks_keep_for", c.TasksKeepFor, Duration(time.Second), Duration(10*365*24*time.Hour)),
		within(s, "builds_running", c.BuildsRunning, 1, 1000),
		within(s, "pipelines_running", c.PipelinesRunning, 1, 1000),
		within(s, "pipeline_keep_for", c.PipelineKeepFor, Duration(time.Second), Duration(10*365*24*time.Hour)),
		within(s, "forward_max_events", c.ForwardMaxEvents, 1, 100_000_000),
		within(s, "forward_max_bytes", c.ForwardMaxBytes, 64<<10, 1<<40),
	)
}

// within is the fault of a value outside low to high, both included; nil for one inside.
func within[T int | Size | Duration](s *Settings, name string, value, low, high T) []error {
	switch {
	case value < low:
		return []error{s.fault(name, "must be at least %v, not %v", low, value)}
	case value > high:
		return []error{s.fault(name, "must be at most %v, not %v", high, value)}
	}
	return nil
}

// warn adds what is allowed and deserves a second look.
func (s *Settings) warn() {
	host, _, _ := net.SplitHostPort(s.Listen)
	ip := net.ParseIP(host)
	if s.AllowTasks && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		s.Warnings = append(s.Warnings, fmt.Sprintf(
			"listening on %s: everybody who reaches it may run shell commands here (allow_tasks)", s.Listen))
	}
	if s.WebhookSecret != "" && len(s.WebhookUrls) == 0 {
		s.Warnings = append(s.Warnings, "webhook_secret is set and webhook_urls is not: no webhook is sent")
	}
	if len(s.AuthHeader) > 0 && s.LogStreamEndpoint == "" {
		s.Warnings = append(s.Warnings, "auth_header is set and log_stream_endpoint is not: nothing is forwarded")
	}
}

// badAddress says what is wrong with a listen address, "" for nothing.
func badAddress(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "is not a host and port such as 127.0.0.1:8002"
	}
	if host == "" {
		return fmt.Sprintf("names no host: write 127.0.0.1:%s for this machine, 0.0.0.0:%s for every network", port, port)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "has no port from 0 to 65535"
	}
	return ""
}

// isOrigin says whether text is scheme://host[:port] and nothing more.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && isHTTP(text) && text == u.Scheme+"://"+u.Host && !strings.Contains(u.Host, "*")
}

// isHTTP says whether text is an http or https URL with a host.
func isHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
