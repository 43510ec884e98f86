package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/follow"
	"hub/internal/http"
	"hub/internal/mask"
	"hub/internal/pipeline"
	"hub/internal/system"
	"hub/internal/task"
	"hub/web"
)

// hub is the running program: everything it is made of, wired together.
type hub struct {
	config Config
	log    *slog.Logger

	secrets   mask.Set // that nothing the hub says may show
	broker    *broker.Broker
	tasks     *task.Registry
	system    *system.Monitor
	docker    *docker.Engine
	follow    *follow.Follower
	pipelines *pipeline.Runner
	server    *http.Server

	listener   net.Listener
	ticking    worker // the host's figures
	following  worker // the engine
	recovering worker // what pipelines have left

	forwarding []*forwarding
}

// serve runs a hub until ctx is cancelled, then stops it in order.
func serve(ctx context.Context, cfg Config, log *slog.Logger) error {
	began := time.Now()
	h, err := newHub(cfg, log)
	if err != nil {
		return err
	}
	slog.SetDefault(h.log) // and so package log's, which net/http speaks by
	return h.run(ctx, began)
}

// newHub makes everything and starts nothing; it holds the address already.
func newHub(cfg Config, log *slog.Logger) (_ *hub, err error) {
	h := &hub{config: cfg}
	h.secrets.Add(secretsOf(cfg)...)
	log = slog.New(mask.NewHandler(log.Handler(), &h.secrets))
	listener, err := http.Listen(cfg.Listen, http.ListenOptions{MaxConns: cfg.MaxConnections, Log: log})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = listener.Close()
		}
	}()
	h.log, h.listener = log, listener
	defer func() {
		if err != nil && h.pipelines != nil {
			_ = h.pipelines.Close()
		}
	}()
	h.broker = broker.New(history(cfg))
	h.tasks = task.New(task.Options{
		Publisher: h.broker, Log: log, Mask: &h.secrets,
		Running: cfg.TasksRunning, Queue: cfg.TasksQueued, Keep: cfg.TasksKeep, KeepFor: time.Duration(cfg.TasksKeepFor),
		Limits: map[string]int{"docker_build": cfg.BuildsRunning, pipeline.TypeHTMLSite: cfg.PipelinesRunning, pipeline.TypeOwn: cfg.PipelinesRunning},
		Forget: h.forget,
	})
	h.docker, err = docker.New(docker.Options{Roots: cfg.WorkspaceRoots, AllowHostAccess: cfg.AllowHostAccess, Secret: h.secrets.Add})
	if err != nil {
		return nil, err
	}
	h.pipelines, err = pipeline.New(pipeline.Options{
		Tasks: h.tasks, Engine: h.docker, Folder: cmp.Or(cfg.PipelineFolder, filepath.Join(os.TempDir(), fmt.Sprint("hub-pipelines-", os.Geteuid()))), KeepFor: time.Duration(cfg.PipelineKeepFor),
		Username: cfg.DockerhubUsername, Password: cfg.DockerhubPassword.Reveal(), LocalRepos: cfg.LocalRepositories, Mask: &h.secrets, Log: log,
	})
	if err != nil {
		return nil, err
	}
	h.follow = follow.New(follow.Options{Broker: h.broker, Engine: h.docker, History: cfg.LogTopicMaxEvents, HistoryBytes: int64(cfg.LogTopicMaxBytes), Mask: &h.secrets, Log: log})
	h.broker.AddSource("containers/*/logs", h.follow.Logs)
	h.broker.AddSource("containers/*/stats", h.follow.Stats)
	h.system = system.New(system.Options{Publisher: h.broker, Log: log})
	if err := h.newForwarding(); err != nil {
		return nil, err
	}
	v := buildVersion()
	h.server, err = http.New(http.Options{
		Broker: h.broker, Tasks: h.tasks, System: h.system, Docker: h.docker, Pipelines: h.pipelines, Pages: web.Static(), Ready: h.checks, Mask: &h.secrets, Log: log,
		Engine: h.engineFigures, Forwarders: h.forwarderFigures,
		Version:    http.Version{Version: v.Version, Commit: v.Commit, Built: v.Built, Go: v.Go},
		Env:        cfg.Env,
		AllowTasks: cfg.AllowTasks, AllowedHosts: cfg.AllowedHosts, AllowedOrigins: cfg.AllowedOrigins,
		Heartbeat: time.Duration(cfg.Heartbeat), MaxBody: int(cfg.MaxBody), MaxConns: listener.Limit(),
	})
	return h, err
}

// forget lets go of all that is kept of a task.
func (h *hub) forget(id string) {
	h.broker.Forget("tasks/" + id)
	h.pipelines.Forget(id)
}

// recover removes what the pipelines of killed hubs have left, and what ours could not take back while the engine was away. Where there
// is nothing of the kind the engine is not asked.
func (h *hub) recover(ctx context.Context) error {
	const every = 10 * time.Second
	said := ""
	for {
		err := h.pipelines.Recover(ctx)
		if err != nil && !errors.Is(err, docker.ErrUnavailable) && ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			h.log.Warn("cannot remove what pipelines have left", "error", err)
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return nil
		}
	}
}

// history is how long each kind of topic remembers, and what its readers begin
// with: the table of the stream contract.
func history(cfg Config) broker.Options {
	logs := broker.Policy{MaxEvents: cfg.LogTopicMaxEvents, MaxBytes: int64(cfg.LogTopicMaxBytes)}
	containers := logs
	containers.Start = broker.Tail(100)
	const tenMinutes = 600 // one a second
	latest := broker.Policy{Latest: true, MaxEvents: tenMinutes, Start: broker.Tail(1)}
	return broker.Options{
		MaxBytes: int64(cfg.HistoryMaxBytes), MaxTopics: cfg.MaxTopics,
		Default: broker.Policy{MaxEvents: cfg.TopicMaxEvents, MaxBytes: int64(cfg.TopicMaxBytes)},
		Rules: []broker.Rule{
			{Pattern: "tasks/*", Policy: logs},
			{Pattern: "containers/*/logs", Policy: containers},
			{Pattern: "containers/*/stats", Policy: latest},
			{Pattern: "docker/events", Policy: broker.Policy{Start: broker.Now}},
			{Pattern: system.Topic, Policy: latest},
		},
	}
}

// checks are what /readyz tells. The hub can do without any of them, so they
// keep nobody away.
func (h *hub) checks() []http.Check {
	there, why, _ := h.follow.Engine()
	checks := []http.Check{{Name: "docker", OK: there, Reason: why, Optional: true}}
	for _, f := range h.forwarding {
		checks = append(checks, f.check())
	}
	return checks
}

// run serves until ctx is cancelled or the server fails.
func (h *hub) run(ctx context.Context, began time.Time) error {
	h.ticking.start(h.log, "the host's figures", h.system.Run)
	h.startForwarding()
	var serving worker
	serving.start(h.log, "serving", func(context.Context) error { return h.server.Serve(h.listener) })
	h.welcome(time.Since(began))
	h.following.start(h.log, "following the Docker engine", h.follow.Run)
	h.recovering.start(h.log, "removing what pipelines have left", h.recover)
	select {
	case <-ctx.Done():
		h.log.Info("stopping", "reason", context.Cause(ctx))
		h.close()
		return nil
	case <-serving.done:
		h.close()
		return fmt.Errorf("cannot serve: %w", serving.err)
	}
}

// close stops everything in order: readiness fails and nobody new gets in; tasks
// end, and are given a moment to be seen ending; every stream is told; the rest.
func (h *hub) close() {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(h.config.ShutdownTimeout))
	defer cancel()
	h.server.Leave()
	_ = h.listener.Close()
	var tasks worker
	tasks.start(h.log, "ending the tasks", func(context.Context) error { return h.tasks.Close(ctx) })
	tasks.within(min(time.Second, time.Duration(h.config.ShutdownTimeout)/4))
	h.ticking.stop()
	h.following.stop()
	h.recovering.stop()
	var forwarding sync.WaitGroup
	forwarding.Go(func() { // the endpoints are to hear how the tasks ended
		tasks.within(time.Duration(h.config.ShutdownTimeout)*3/4 - time.Since(began))
		h.stopForwarding()
	})
	if err := h.server.Shutdown(ctx); err != nil {
		h.log.Warn("some requests did not end in time", "error", err)
	}
	tasks.stop()
	forwarding.Wait()
	h.broker.Close()
	if err := h.pipelines.Close(); err != nil {
		h.log.Warn("cannot remove the workspaces of pipelines", "error", err)
	}
	_ = h.docker.Close()
	h.log.Info("stopped", "took", time.Since(began).Round(100*time.Microsecond))
}
