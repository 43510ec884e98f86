package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"hub/internal/broker"
	"hub/internal/http"
	"hub/internal/system"
	"hub/internal/task"
	"hub/web"
)

// hub is the running program: everything it is made of, wired together.
type hub struct {
	config Config
	log    *slog.Logger

	broker *broker.Broker
	tasks  *task.Registry
	system *system.Monitor
	server *http.Server

	listener net.Listener
	working  sync.WaitGroup
	stop     context.CancelFunc // of what works beside the server
}

// serve runs a hub until ctx is cancelled, then stops it in order.
func serve(ctx context.Context, cfg Config, log *slog.Logger) error {
	began := time.Now()
	h, err := newHub(cfg, log)
	if err != nil {
		return err
	}
	return h.run(ctx, began)
}

func newHub(cfg Config, log *slog.Logger) (*hub, error) {
	listener, err := http.Listen(cfg.Listen, http.ListenOptions{MaxConns: cfg.Connections(), Log: log})
	if err != nil {
		return nil, err
	}
	h := &hub{config: cfg, log: log, listener: listener}
	h.broker = broker.New(history(cfg))
	h.tasks = task.New(task.Options{
		Publisher: h.broker, Log: log,
		Running: cfg.TasksRunning, Queue: cfg.TasksQueued, Keep: cfg.TasksKeep, KeepFor: time.Duration(cfg.TasksKeepFor),
		Forget: func(id string) { h.broker.Forget("tasks/" + id) },
	})
	h.system = system.New(system.Options{Publisher: h.broker, Log: log})
	v := buildVersion()
	h.server, err = http.New(http.Options{
		Broker: h.broker, Tasks: h.tasks, System: h.system, Pages: web.Static(), Log: log,
		Version:    http.Version{Version: v.Version, Commit: v.Commit, Built: v.Built, Go: v.Go},
		Env:        cfg.Env,
		AllowTasks: cfg.AllowTasks, AllowedHosts: cfg.AllowedHosts, AllowedOrigins: cfg.AllowedOrigins,
		Heartbeat: time.Duration(cfg.Heartbeat), MaxBody: int(cfg.MaxBody), MaxConns: cfg.Connections(),
	})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return h, nil
}

// history is how long each kind of topic remembers, and what its readers begin
// with: the table of the stream contract.
func history(cfg Config) broker.Options {
	logs := broker.Policy{MaxEvents: cfg.LogTopicMaxEvents, MaxBytes: int64(cfg.LogTopicMaxBytes)}
	containers := logs
	containers.Start = broker.Tail(100)
	const tenMinutes = 600 // one a second
	return broker.Options{
		MaxBytes: int64(cfg.HistoryMaxBytes), MaxTopics: cfg.MaxTopics,
		Default: broker.Policy{MaxEvents: cfg.TopicMaxEvents, MaxBytes: int64(cfg.TopicMaxBytes)},
		Rules: []broker.Rule{
			{Pattern: "tasks/*", Policy: logs},
			{Pattern: "containers/*/logs", Policy: containers},
			{Pattern: "containers/*/stats", Policy: broker.Policy{Latest: true, MaxEvents: tenMinutes, Start: broker.Tail(1)}},
			{Pattern: "docker/events", Policy: broker.Policy{Start: broker.Now}},
			{Pattern: system.Topic, Policy: broker.Policy{Latest: true, MaxEvents: tenMinutes, Start: broker.Tail(1)}},
		},
	}
}

// run serves until ctx is cancelled or the server fails.
func (h *hub) run(ctx context.Context, began time.Time) error {
	background, stop := context.WithCancel(context.Background())
	h.stop = stop
	h.working.Go(func() { _ = h.system.Run(background) })
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(h.listener) }()
	h.welcome(time.Since(began))
	select {
	case <-ctx.Done():
		h.log.Info("stopping", "reason", context.Cause(ctx))
		return h.close()
	case err := <-served:
		return errors.Join(fmt.Errorf("cannot serve: %w", err), h.close())
	}
}

// welcome says where to go.
func (h *hub) welcome(took time.Duration) {
	url := "http://" + h.listener.Addr().String()
	h.log.Info("the hub is up", "open", url, "version", buildVersion().Version, "took", took.Round(time.Millisecond))
	h.log.Info("try it: some command | curl -NsT - "+url+"/stream/ci/1", "and watch", "curl -N "+url+"/stream/ci/1")
}

// close stops everything in order: readiness fails and nobody new gets in; tasks
// end, and are given a moment to be seen ending; every stream is told; the rest.
func (h *hub) close() error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(h.config.ShutdownTimeout))
	defer cancel()
	h.server.Leave()
	_ = h.listener.Close()
	var last sync.WaitGroup
	ended := make(chan struct{})
	last.Go(func() {
		defer close(ended)
		if err := h.tasks.Close(ctx); err != nil {
			h.log.Warn("stopping", "error", err)
		}
	})
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
	h.stop()
	h.working.Wait()
	err := h.server.Shutdown(ctx)
	last.Wait()
	h.broker.Close()
	h.log.Info("stopped", "took", time.Since(began).Round(time.Millisecond))
	return err
}
