package http

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/mask"
	"hub/internal/pipeline"
	"hub/internal/system"
	"hub/internal/task"
)

// Options are what a Server serves, and its limits.
type Options struct {
	Broker    *broker.Broker
	Tasks     *task.Registry
	System    *system.Monitor
	Docker    *docker.Engine
	Pipelines *pipeline.Runner // nil where there is no engine
	Pages     fs.FS            // index.html and what it needs
	Ready     func() []Check   // what /readyz tells, beside whether the hub is shutting down; nil for nothing
	Log       *slog.Logger     // nil: slog.Default()
	Mask      *mask.Set        // what no answer and no event that a client publishes shows; nil for nothing

	Engine     func() EngineFigures      // how the hub stands with it; nil for none
	Forwarders func() []ForwarderFigures // nil for none

	Version    Version
	Env        string // in the older service's greeting; "" is DEFAULT_ENV
	AllowTasks bool   // whether clients may run shell commands

	AllowedHosts   []string // names the hub answers to besides its own address
	AllowedOrigins []string // foreign pages that may use the hub

	Heartbeat  time.Duration // of every stream; 0: 15 s
	MaxBody    int           // bytes of an ordinary body; 0: 1 MiB
	MaxConns   int           // the listener's; a tenth is kept for what is no stream; 0: not known
	MaxStreams int           // 0: from MaxConns

	readTimeout time.Duration // of a request's head and ordinary body; 0: 10 s; tests shorten it
}

// Server speaks HTTP for the hub.
type Server struct {
	broker     *broker.Broker
	tasks      *task.Registry
	system     *system.Monitor
	docker     *docker.Engine
	pipelines  *pipeline.Runner
	pages      assets
	log        *slog.Logger
	mask       *mask.Set
	version    Version
	env        string
	allowTasks bool
	heartbeat  time.Duration
	maxBody    int
	ready      func() []Check

	engineFigures    func() EngineFigures
	forwarderFigures func() []ForwarderFigures
	made             time.Time

	app       *fiber.App
	streams   *streams
	terminals terminals
	arrivals  arrivals
	newcomers newcomers
	routes    []route
	document  func() (asset, error) // of the API, made once

	closing context.Context // ends when the server begins to shut down
	close   context.CancelFunc
	clock   sync.WaitGroup
	begun   sync.Once // of clock
}

// New makes a server. The error is of options that cannot be.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Heartbeat <= 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultBodyLimit
	}
	if o.MaxStreams <= 0 {
		o.MaxStreams = o.MaxConns - o.MaxConns/10
	}
	if o.Ready == nil {
		o.Ready = func() []Check { return nil }
	}
	if o.Engine == nil {
		o.Engine = func() EngineFigures { return EngineFigures{Reason: "there is none"} }
	}
	if o.Forwarders == nil {
		o.Forwarders = func() []ForwarderFigures { return nil }
	}
	pages, err := loadAssets(o.Pages, o.Version)
	if err != nil {
		return nil, err
	}
	app, err := newApp(appOptions{
		MaxConns: o.MaxConns, BodyLimit: o.MaxBody, AllowedHosts: o.AllowedHosts, AllowedOrigins: o.AllowedOrigins, Log: o.Log, Mask: o.Mask,
		readTimeout: o.readTimeout,
	})
	if err != nil {
		return nil, err
	}
	// A hijacked connection is ours for good, not lent for a handler's time.
	app.Server().KeepHijackedConns = true
	s := &Server{
		broker: o.Broker, tasks: o.Tasks, system: o.System, docker: o.Docker, pipelines: o.Pipelines, pages: pages, log: o.Log, mask: o.Mask, version: o.Version, env: o.Env,
		allowTasks: o.AllowTasks, heartbeat: o.Heartbeat, maxBody: o.MaxBody, ready: o.Ready,
		engineFigures: o.Engine, forwarderFigures: o.Forwarders, made: time.Now(),
		app: app, streams: newStreams(o.Log, o.Heartbeat, o.MaxStreams),
	}
	app.Server().ConnState = s.newcomers.note
	s.closing, s.close = context.WithCancel(context.Background())
	s.register()
	s.document = sync.OnceValues(func() (asset, error) { return makeDocument(s.routes, s.version.Version) })
	return s, nil
}

// Serve answers on l until Shutdown. Its error is nil after one.
func (s *Server) Serve(l net.Listener) error {
	s.begun.Do(func() { s.clock.Go(func() { s.streams.run(s.closing) }) })
	err := s.app.Listener(l)
	if s.closing.Err() != nil {
		return nil
	}
	return err
}

// Leave makes /readyz say no from now on.
func (s *Server) Leave() { s.close() }

// Shutdown ends everything: held pages are answered, publishes that are still
// arriving end, every stream is told after what was published before, and then
// the server stops, at the latest when ctx ends. It closes the listener if that
// is not closed already.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Leave()
	s.begun.Do(func() {}) // from here on Serve starts nothing
	s.clock.Wait()
	s.arrivals.end(ctx)
	var terminals sync.WaitGroup
	terminals.Go(func() { s.terminals.drain(ctx) })
	s.streams.drain(ctx)
	terminals.Wait()
	s.newcomers.end()
	if err := s.app.ShutdownWithContext(ctx); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil // the listener was closed already
}

// checks are those of the hub, and whether it shuts down.
func (s *Server) checks() []Check {
	own := Check{Name: "hub", OK: s.closing.Err() == nil}
	if !own.OK {
		own.Reason = "it is shutting down"
	}
	return append([]Check{own}, s.ready()...)
}
